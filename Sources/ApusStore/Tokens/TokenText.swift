/// A token as its bearer writes it: `apus_`, the id (16 hexadecimal digits), `_`, and the secret part (64).
struct TokenText {
  static let prefix = "apus_"
  static let idBytes = 8
  static let secretBytes = 32

  let id: String
  let secret: [UInt8]

  /// A new one: 256 bits from the kernel.
  static func random() throws(StoreError) -> TokenText {
    TokenText(id: hexadecimal(try Sodium.randomBytes(idBytes)), secret: try Sodium.randomBytes(secretBytes))
  }

  private init(id: String, secret: [UInt8]) {
    self.id = id
    self.secret = secret
  }

  /// Nil if it is no token of ours.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    let idStart = Self.prefix.utf8.count
    let idEnd = idStart + 2 * Self.idBytes
    guard bytes.count == idEnd + 1 + 2 * Self.secretBytes, bytes.starts(with: Self.prefix.utf8),
      bytes[idEnd] == UInt8(ascii: "_"), Self.decoded(bytes[idStart..<idEnd]) != nil,
      let secret = Self.decoded(bytes[(idEnd + 1)...])
    else { return nil }
    id = String(decoding: bytes[idStart..<idEnd], as: UTF8.self)
    self.secret = secret
  }

  var text: String { "\(Self.prefix)\(id)_\(Self.hexadecimal(secret))" }

  /// What is stored. The secret part is random already, so a fast hash hides it.
  func hash() throws(StoreError) -> [UInt8] {
    try secret.withUnsafeBufferPointer { bytes throws(StoreError) in
      try Sodium.hash("apus token", UnsafeRawBufferPointer(bytes), count: 32)
    }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }

  /// Nil if there is anything but pairs of lower-case digits.
  private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text {
      let digit: UInt8
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return high == nil ? bytes : nil
  }
}
