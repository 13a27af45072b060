import ApusJSON

/// The members of a token's header or claims, by the types that RFC 7519 section 4.1 gives them.
struct Claims {
  /// The last second of the year 9999.
  static let latestDate: Int64 = 253_402_300_799
  /// Bytes of a text that is only handed on.
  private static let textBytes = 1_024

  private let document: JSON

  init(_ text: [UInt8], part: TokenError.Part) throws(TokenError) {
    let parsed = try? JSON.parse(text, limits: JSONCodec.Limits(depth: AccessLimits.jsonDepth))
    guard let parsed, parsed.objectValue != nil else { throw .document(part) }
    document = parsed
  }

  subscript(name: String) -> JSON? { document[name] }

  func string(_ name: String) throws(TokenError) -> String {
    guard let text = try optionalString(name) else { throw .missing(claim: name) }
    return text
  }

  func optionalString(_ name: String) throws(TokenError) -> String? {
    guard let value = document[name] else { return nil }
    guard let text = value.stringValue, text.utf8.count <= Claims.textBytes else { throw .malformed(claim: name) }
    return text
  }

  /// One text, or a list of them.
  func audiences() throws(TokenError) -> [String] {
    guard let value = document["aud"] else { throw .missing(claim: "aud") }
    if let text = value.stringValue { return [text] }
    guard let list = value.arrayValue, list.count <= AccessLimits.audiences else { throw .malformed(claim: "aud") }
    let texts = list.compactMap(\.stringValue)
    guard texts.count == list.count else { throw .malformed(claim: "aud") }
    return texts
  }

  /// Whole seconds of a NumericDate, which may have a fraction (RFC 7519 section 2).
  func date(_ name: String) throws(TokenError) -> Int64? {
    guard let value = document[name] else { return nil }
    guard let seconds = value.doubleValue, seconds >= 0, seconds <= Double(Claims.latestDate) else {
      throw .malformed(claim: name)
    }
    return Int64(seconds)
  }

  /// OpenFaaS' claim `function`: `{"permissions": ["NAMESPACE:NAME", …]}`.
  func functionPermissions() throws(TokenError) -> FunctionPermissions? {
    guard let claim = document["function"] else { return nil }
    guard claim.objectValue != nil, let list = claim["permissions"]?.arrayValue, list.count <= AccessLimits.permissions
    else { throw .malformed(claim: "function") }
    let patterns = list.compactMap(\.stringValue)
    guard patterns.count == list.count else { throw .malformed(claim: "function") }
    return FunctionPermissions(patterns)
  }
}
