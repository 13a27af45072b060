package import ApusIO
internal import ApusModel

/// Why a folder or a program could not be packed for an upload.
package enum PackingError: Error, Equatable, Sendable {
  /// The path is neither a folder nor a file.
  case unsuitable(String)
  case notExecutable(String)
  /// Something in the folder that no artefact may have.
  case entry(String, TarError.Reason)
  /// It has become shorter, or another, since it was looked at.
  case changed(String)
  case system(SystemError)
}

extension PackingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unsuitable(let path): "\(QuotedText(path)) is neither a folder nor a program; name one of both"
    case .notExecutable(let path):
      "\(QuotedText(path)) is not executable: it could not be started; run chmod +x on it, or name a program"
    case .entry(let path, let reason): "\(QuotedText(path)) \(reason)"
    case .changed(let path):
      "\(QuotedText(path)) changed while it was packed: the archive would mix two states; wait for the build to end"
    case .system(let error): error.description
    }
  }
}
