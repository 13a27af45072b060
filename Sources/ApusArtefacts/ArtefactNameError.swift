package import ApusModel

/// Why a text is not the name of an artefact.
package enum ArtefactNameError: Error, Equatable, Sendable {
  case empty
  case tooLong(String, limit: Int)
  /// It looks like a path of this host.
  case path(String)
  case digest(String)
  /// What may not stand where it does: a character, or separators without a letter or digit on both sides.
  case misplaced(String, in: String)
  case tag(String)
  case namespace(NameError)
}

extension ArtefactNameError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .empty:
      "the image is empty: it names the artefact that the function runs; write name or name:tag, such as hello:latest"
    case .tooLong(let text, let limit):
      "the image \(QuotedText(text)) has \(text.utf8.count) bytes, \(limit) are allowed; choose a shorter one"
    case .path(let text):
      "the image \(QuotedText(text)) looks like a path: artefacts are named, host paths are never accepted; "
        + "upload the files with apus deploy and name them, such as hello:latest"
    case .digest(let text):
      "the image \(QuotedText(text)) names content by digest: artefacts are found by tag; write name:tag"
    case .misplaced(let what, let text):
      "the image \(QuotedText(text)) cannot have \(QuotedText(what)) there; use lower-case letters and digits, "
        + "with \".\", \"_\" or \"-\" only between them, then perhaps a colon and a tag"
    case .tag(let tag):
      "the tag \(QuotedText(tag)) is not one; use up to \(ArtefactName.tagLimit) letters, digits, \"_\", \".\", \"-\", "
        + "and do not begin with \".\" or \"-\""
    case .namespace(let error): error.description
    }
  }
}
