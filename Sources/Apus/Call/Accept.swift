/// What a caller accepts (RFC 9110 section 12.5.1), as far as problems need it.
enum Accept {
  /// `application/json`, `application/problem+json` and their kin are named; `*/*` asks for nothing in particular.
  static func asksForJSON(_ value: String) -> Bool {
    value.split(separator: ",").contains { range in
      let type = range.drop { $0 == " " }.prefix { $0 != ";" && $0 != " " }.lowercased()
      return type.hasSuffix("/json") || type.hasSuffix("+json")
    }
  }
}
