package import ApusHTTP

/// What a request makes an answer depend on (RFC 9110 section 13).
package struct FileConditions: Sendable {
  private let noneMatch: [String]
  private let modifiedSince: String?
  private let range: String?
  private let ifRange: String?

  package init(_ fields: Fields) {
    noneMatch = fields.values("If-None-Match")
    modifiedSince = fields[.ifModifiedSince]
    range = fields[.range]
    ifRange = fields["If-Range"]
  }

  /// The client has what `tag` and `modified`, in Unix seconds, stand for.
  package func isUnchanged(tag: String, modified: Int64) -> Bool {
    // RFC 9110 section 13.2.2: where both fields are, the tags decide.
    if !noneMatch.isEmpty {
      return noneMatch.contains { list in
        list.split(separator: ",").contains { item in
          let text = item.filter { $0 != " " && $0 != "\t" }
          // The comparison is weak (section 13.1.2).
          return text == "*" || (text.hasPrefix("W/") ? String(text.dropFirst(2)) : text) == tag
        }
      }
    }
    guard let modifiedSince, let date = HTTPDate.parse(modifiedSince) else { return false }
    return modified <= date
  }

  /// The part that is asked for, of a file of `size` bytes.
  package func part(tag: String, modified: Int64, size: Int) -> ByteRange {
    if let ifRange {
      // Section 13.1.5: of another state of the file the client wants all, and a date has to be the same one.
      let isSame = ifRange.hasPrefix("\"") ? ifRange == tag : HTTPDate.parse(ifRange) == modified
      guard isSame else { return .whole }
    }
    return ByteRange(range, size: size)
  }
}
