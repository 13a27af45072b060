/// RFC 4648 section 4, with padding.
package enum Base64 {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  /// 64 for what is no letter.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 64, count: 256)
    for (value, letter) in letters.enumerated() { values[Int(letter)] = UInt8(value) }
    return values
  }()

  package static func encode(_ bytes: [UInt8]) -> String {
    let count = (bytes.count + 2) / 3 * 4
    let letters = letters
    return String(unsafeUninitializedCapacity: count) { target in
      var at = 0
      var from = 0
      while from < bytes.count {
        let left = bytes.count - from
        let second = left > 1 ? bytes[from + 1] : 0
        let third = left > 2 ? bytes[from + 2] : 0
        let bits = UInt32(bytes[from]) << 16 | UInt32(second) << 8 | UInt32(third)
        target[at] = letters[Int(bits >> 18)]
        target[at + 1] = letters[Int(bits >> 12 & 63)]
        target[at + 2] = left > 1 ? letters[Int(bits >> 6 & 63)] : UInt8(ascii: "=")
        target[at + 3] = left > 2 ? letters[Int(bits & 63)] : UInt8(ascii: "=")
        at += 4
        from += 3
      }
      return count
    }
  }

  /// Nil if it is anything else; line breaks, which tools write, are passed over (RFC 4648 section 3.1 lets us).
  package static func decode(_ text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 { letters -> [UInt8]? in
      let values = values
      var bytes: [UInt8] = []
      bytes.reserveCapacity(letters.count / 4 * 3)
      var bits: UInt32 = 0
      var (count, padding) = (0, 0)
      for letter in letters where letter != 0x0A && letter != 0x0D {
        count += 1
        if letter == UInt8(ascii: "=") {
          padding += 1
          bits <<= 6
        } else {
          let value = values[Int(letter)]
          guard value < 64, padding == 0 else { return nil }
          bits = bits << 6 | UInt32(value)
        }
        guard count & 3 == 0 else { continue }
        bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
        bytes.append(UInt8(truncatingIfNeeded: bits))
      }
      guard count & 3 == 0, padding <= 2 else { return nil }
      bytes.removeLast(padding)
      return bytes
    }
  }
}
