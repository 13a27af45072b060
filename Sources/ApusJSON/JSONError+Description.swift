extension JSONError: CustomStringConvertible {
  /// What happened, where, and what to do where that is not plain: fit for a log line or an answer with status 400.
  package var description: String {
    var place = ""
    if let line, let column {
      place = "line \(line), column \(column)"
    }
    if let path {
      if !place.isEmpty { place += ", " }
      place += path.isEmpty ? "at the outermost value" : "at `\(path)`"
    }
    return place.isEmpty ? reason.description : "\(place): \(reason.description)"
  }
}

extension JSONError.Reason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .mismatch, .missingKey, .doesNotFit, .notWhole, .exhausted, .invalid: return mismatchDescription
    case .notFinite, .nothingEncoded, .misuse: return encodingDescription
    default: return textDescription
    }
  }

  private var textDescription: String {
    switch self {
    case .empty: "the document is empty; send at least one value, such as null"
    case .tooLong(let bytes, let limit): "the document has \(bytes) bytes, above the limit of \(limit); send less"
    case .tooDeep(let limit): "nested deeper than the limit of \(limit) levels; flatten the value"
    case .byteOrderMark: "the document starts with a byte order mark; send UTF-8 without one"
    case .expected(let expected, let found): "expected \(expected), found \(found)"
    case .ended(let expected): "the document ends where \(expected) was expected; it may have been cut"
    case .trailing(let found): "expected the end of the document, found \(found); send one value only"
    case .notUTF8(let byte): "byte \(Self.hex(byte)) is not valid UTF-8 here; send the text as UTF-8"
    case .controlCharacter(let byte): "control character \(Self.hex(byte)) in a string; escape it"
    case .unknownEscape(let text): "`\(text)` is no escape; use one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"
    case .loneSurrogate(let text): "`\(text)` is half of a surrogate pair; write both halves or the character itself"
    case .malformedNumber(let what): "malformed number: \(what)"
    case .numberTooLarge: "the number is larger than a Double can hold; send it as a string"
    case .duplicateKey(let key):
      "the key \(PathKey.quoted(key)) occurs twice in one object; readers differ on which one counts, so keep one"
    default: ""
    }
  }

  private var mismatchDescription: String {
    switch self {
    case .mismatch(let expected, let found): "expected \(expected), found \(found)"
    case .missingKey(let key): "the key \(PathKey.quoted(key)) is missing; it is required"
    case .doesNotFit(let number, let type): "\(number) does not fit \(type)"
    case .notWhole(let number, let type): "\(number) is not a whole number, which \(type) needs"
    case .exhausted(let count): "expected another element, the array has only \(count)"
    case .invalid(let text): text
    default: ""
    }
  }

  private var encodingDescription: String {
    switch self {
    case .notFinite(let number): "\(number) cannot be written in JSON; encode null or a string instead"
    case .nothingEncoded: "the value encoded nothing; ask its encoder for a container, even an empty one"
    case .misuse(let text): text
    default: ""
    }
  }

  private static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0x0\(digits)" : "0x\(digits)"
  }
}
