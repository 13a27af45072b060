/// Why a document could not be read, or a value not be written, and where.
package struct JSONError: Error, Sendable, Equatable {
  package enum Reason: Sendable, Equatable {
    // The text.
    case empty
    case tooLong(bytes: Int, limit: Int)
    case tooDeep(limit: Int)
    case byteOrderMark
    case expected(String, found: String)
    case ended(expected: String)
    case trailing(found: String)
    case notUTF8(byte: UInt8)
    case controlCharacter(UInt8)
    case unknownEscape(String)
    case loneSurrogate(String)
    case malformedNumber(String)
    case numberTooLarge
    case duplicateKey(String)

    // The text is JSON, but not what the type needs.
    case mismatch(expected: String, found: String)
    case missingKey(String)
    case doesNotFit(number: String, type: String)
    case notWhole(number: String, type: String)
    case exhausted(count: Int)
    case invalid(String)

    // A value that JSON cannot say.
    case notFinite(String)
    case nothingEncoded
    case misuse(String)
  }

  package let reason: Reason
  /// Counted from 1; nil when encoding.
  package let line: Int?
  /// Counted from 1, in Unicode scalars; nil when encoding.
  package let column: Int?
  /// Where in the value, as `orders[3].price`; nil for a fault of the text, empty for the outermost value.
  package let path: String?

  package init(_ reason: Reason, line: Int? = nil, column: Int? = nil, path: String? = nil) {
    self.reason = reason
    self.line = line
    self.column = column
    self.path = path
  }

  /// An error at a byte of the text.
  init(_ reason: Reason, at offset: Int, in text: UnsafePointer<UInt8>, path: String? = nil) {
    var line = 1
    var column = 1
    for index in 0..<offset {
      let byte = text[index]
      if byte == ASCII.newline {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        // Continuation bytes belong to the scalar before them.
        column += 1
      }
    }
    self.init(reason, line: line, column: column, path: path)
  }

  /// A refusal by a type's own `encode(to:)`.
  init(_ error: EncodingError) {
    switch error {
    case .invalidValue(_, let context):
      self.init(.invalid(context.debugDescription), path: PathKey.render(context.codingPath))
    @unknown default:
      self.init(.invalid("\(error)"))
    }
  }
}
