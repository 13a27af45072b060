/// The two spellings of names that Kubernetes took from the DNS, as checks that say what is wrong.
package enum DNSName {
  /// RFC 1123 label, `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`: 63 bytes, as RFC 1035 §2.3.4 limits them.
  package static func checkLabel(_ text: String, subject: String) throws(NameError) {
    let rule = "use lower-case letters, digits and \"-\", and begin and end with a letter or digit"
    try check(text, subject: subject, limit: 63, rule: rule, separator: nil)
  }

  /// RFC 1123 subdomain: labels with dots between them, 253 bytes in all.
  package static func checkSubdomain(_ text: String, subject: String) throws(NameError) {
    let rule = "use lower-case letters, digits, \"-\" and \".\", and begin and end each part with a letter or digit"
    try check(text, subject: subject, limit: 253, rule: rule, separator: UInt8(ascii: "."))
  }

  private static func check(
    _ text: String, subject: String, limit: Int, rule: String, separator: UInt8?
  ) throws(NameError) {
    guard !text.isEmpty else { throw NameError(subject, text, .empty, rule: rule) }
    guard text.utf8.count <= limit else { throw NameError(subject, text, .tooLong(limit: limit), rule: rule) }
    let bytes = Array(text.utf8)
    for (position, byte) in bytes.enumerated() {
      let next = position + 1 < bytes.count ? bytes[position + 1] : nil
      let previous = position > 0 ? bytes[position - 1] : nil
      let isAllowed =
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"): !isEdge(previous, separator) && !isEdge(next, separator)
        case separator: !isEdge(previous, separator) && !isEdge(next, separator)
        default: false
        }
      if isAllowed { continue }
      // All bytes before this one are ASCII, so the byte's position is the character's too.
      let character = text[text.utf8.index(text.startIndex, offsetBy: position)...].first ?? "?"
      throw NameError(subject, text, .misplaced(character: character, position: position + 1), rule: rule)
    }
  }

  /// Whether a neighbour ends a part: there is none, or it is the separator.
  private static func isEdge(_ neighbour: UInt8?, _ separator: UInt8?) -> Bool {
    neighbour == nil || neighbour == separator
  }
}
