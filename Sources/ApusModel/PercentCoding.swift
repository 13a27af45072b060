/// Percent-encoding of URLs (RFC 3986 section 2.1), and of forms, where a plus is a space (WHATWG URL section 5.1).
package enum PercentCoding {
  /// What becomes of a `%` that is not followed by two hexadecimal digits.
  package enum Damage {
    /// There is no meaning.
    case refused
    /// It stands for itself.
    case kept
  }

  /// The bytes that the text stands for; nil if it is damaged and that is refused.
  package static func bytes(
    of text: Substring.UTF8View, plusIsSpace: Bool = false, damage: Damage = .refused
  ) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        var digits = rest
        if let high = digits.popFirst().flatMap(digit), let low = digits.popFirst().flatMap(digit) {
          bytes.append(high << 4 | low)
          rest = digits
        } else if damage == .kept {
          bytes.append(byte)
        } else {
          return nil
        }
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    return bytes
  }

  /// The text; nil if it is damaged, or not UTF-8.
  package static func decode(_ text: Substring, plusIsSpace: Bool = false) -> String? {
    bytes(of: text.utf8, plusIsSpace: plusIsSpace).flatMap { String(validating: $0, as: UTF8.self) }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
