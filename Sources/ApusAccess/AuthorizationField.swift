package import ApusHTTP

/// What a caller says about itself in `Authorization` (RFC 9110 section 11.6.2). Nothing of it is verified here.
package enum AuthorizationField: Sendable, Equatable {
  /// No field, or a bearer scheme without a token, as faas-cli sends it when it has none.
  case absent
  /// RFC 7617. The password may hold colons and may be empty.
  case basic(name: String, password: String)
  /// RFC 6750, section 2.1.
  case bearer(String)
  /// A scheme that is not ours, in lower case; the function behind a gateway may know it.
  case other(scheme: String)
  case rejected(Fault)

  package enum Fault: Sendable, Equatable {
    case tooLong
    /// More than one field: which of them is meant would depend on who reads.
    case repeated
    /// No scheme, or characters that no scheme has.
    case scheme
    /// Basic credentials that are not base64 of `name:password` in UTF-8, or hold control characters.
    case basic
    /// A bearer token with characters that RFC 6750 does not have.
    case bearer

    package var message: String {
      switch self {
      case .tooLong: "the Authorization field is over \(AccessLimits.authorizationBytes) bytes: send a shorter token"
      case .repeated: "there is more than one Authorization field: send one"
      case .scheme: "the Authorization field names no scheme: send \"Basic …\" or \"Bearer …\""
      case .basic: "the Basic credentials are not base64 of name:password in UTF-8: encode them so (RFC 7617)"
      case .bearer: "the Bearer token has characters that no token has: send it as it was given out, without quotes"
      }
    }
  }

  package init(_ fields: Fields) {
    var count = 0
    var found = AuthorizationField.absent
    fields.forEach { known, _, value in
      guard known == .authorization else { return }
      count += 1
      if count == 1 { found = AuthorizationField(value: Array(value)) }
    }
    self = count > 1 ? .rejected(.repeated) : found
  }

  package init(value: [UInt8]) {
    guard value.count <= AccessLimits.authorizationBytes else {
      self = .rejected(.tooLong)
      return
    }
    let text = AuthorizationField.trimmed(value[...])
    guard !text.isEmpty else {
      self = .absent
      return
    }
    let scheme = text.prefix { $0 != UInt8(ascii: " ") }
    guard scheme.allSatisfy(AuthorizationField.isTokenCharacter) else {
      self = .rejected(.scheme)
      return
    }
    let name = String(decoding: scheme, as: UTF8.self).lowercased()
    let rest = AuthorizationField.trimmed(text[scheme.endIndex...])
    switch name {
    case "basic": self = AuthorizationField.basic(rest)
    case "bearer": self = AuthorizationField.bearer(rest)
    default: self = .other(scheme: name)
    }
  }

  private static func basic(_ text: ArraySlice<UInt8>) -> AuthorizationField {
    let isPadded = text.last == UInt8(ascii: "=")
    guard !text.isEmpty,
      // Some clients leave the padding out; there is still only one way to write the rest.
      let bytes = Sodium.base64(text, isPadded || text.count.isMultiple(of: 4) ? .padded : .unpadded),
      // RFC 7617 section 2: no control characters.
      bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
      let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      let name = String(validating: bytes[..<colon], as: UTF8.self),
      let password = String(validating: bytes[(colon + 1)...], as: UTF8.self)
    else { return .rejected(.basic) }
    return .basic(name: name, password: password)
  }

  private static func bearer(_ text: ArraySlice<UInt8>) -> AuthorizationField {
    if text.isEmpty { return .absent }
    let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    let body = text.dropLast(padding)
    guard !body.isEmpty, body.allSatisfy(isBearerCharacter) else { return .rejected(.bearer) }
    return .bearer(String(decoding: text, as: UTF8.self))
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let first = text.first, first == 0x20 || first == 0x09 { text.removeFirst() }
    while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
    return text
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  /// RFC 9110 section 5.6.2.
  private static func isTokenCharacter(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
  }

  /// RFC 6750 section 2.1, `b64token`.
  private static func isBearerCharacter(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "-._~+/".utf8.contains(byte)
  }
}
