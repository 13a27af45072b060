/// What a caller accepts (RFC 9110 section 12.5.1), as far as anything here chooses by it.
package enum Accept {
  /// `application/json`, `application/problem+json` and their kin are named; `*/*` asks for nothing in particular.
  static func asksForJSON(_ value: String) -> Bool {
    names(in: value) { $0.hasSuffix("/json") || $0.hasSuffix("+json") }
  }

  /// `type`, in small letters, is named itself.
  package static func asks(for type: String, in value: String) -> Bool {
    names(in: value) { $0 == type }
  }

  private static func names(in value: String, _ isWanted: (String) -> Bool) -> Bool {
    value.split(separator: ",").contains { range in
      let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      guard let type = parts.first, isWanted(type) else { return false }
      return !parts.dropFirst().contains(where: isNever)
    }
  }

  /// A weight of 0 (`q=0.000`) says "not this one" (section 12.4.2).
  private static func isNever(_ parameter: String) -> Bool {
    parameter.hasPrefix("q=0") && parameter.dropFirst(3).allSatisfy { $0 == "." || $0 == "0" }
  }
}
