/// One value or one key on the tape.
struct Node {
  enum Kind: UInt8 {
    case null, `false`, `true`
    /// Fits Int64.
    case integer
    /// Fits UInt64, not Int64.
    case unsigned
    case double
    case string
    /// A string with at least one escape, so its bytes are not its value.
    case escaped
    case array, object
  }

  let kind: Kind
  /// Where it starts in the text; for a string the first byte after the quote.
  let offset: UInt32
  /// String: length in the text. Array, object: the node after its last descendant; while open, its parent.
  var low: UInt32 = 0
  /// Array: elements. Object: while open its keys, then the key found last, where the next search starts.
  var high: UInt32 = 0

  init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = UInt32(truncatingIfNeeded: offset)
  }

  /// A number's bits, in both halves.
  init(_ kind: Kind, at offset: Int, bits: UInt64) {
    self.init(kind, at: offset)
    low = UInt32(truncatingIfNeeded: bits)
    high = UInt32(truncatingIfNeeded: bits >> 32)
  }

  var bits: UInt64 { UInt64(high) << 32 | UInt64(low) }

  var isString: Bool { kind == .string || kind == .escaped }

  var isContainer: Bool { kind == .array || kind == .object }
}
