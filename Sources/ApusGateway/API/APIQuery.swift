import ApusModel

/// The part of a target behind `?`, decoded. Where a key is there twice, the last one counts, as faas-cli expects.
package struct APIQuery: Sendable, Equatable {
  private var values: [String: String] = [:]

  package init(_ text: String?) {
    for pair in (text ?? "").split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      values[APIQuery.decode(parts[0])] = parts.count > 1 ? APIQuery.decode(parts[1]) : ""
    }
  }

  package subscript(key: String) -> String? { values[key] }

  /// As Go's strconv.ParseBool reads it, as far as anybody writes it.
  package func flag(_ key: String) -> Bool {
    ["1", "t", "T", "true", "TRUE", "True"].contains(values[key] ?? "")
  }

  /// Percent-encoding and `+` undone; what is no encoding stays as it is.
  private static func decode(_ text: Substring) -> String {
    String(decoding: PercentCoding.bytes(of: text.utf8, plusIsSpace: true, damage: .kept) ?? [], as: UTF8.self)
  }
}
