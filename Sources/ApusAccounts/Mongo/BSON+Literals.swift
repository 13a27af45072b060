extension BSON: ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral {
  package init(stringLiteral text: String) {
    self = .string(text)
  }

  package init(dictionaryLiteral members: (String, BSON)...) {
    self = .document(members.map { Member($0.0, $0.1) })
  }

  /// Unix seconds as a date, which TTL indexes understand.
  static func seconds(_ seconds: Int64) -> BSON {
    .date(seconds.multipliedReportingOverflow(by: 1_000).overflow ? .max : seconds * 1_000)
  }
}
