/// The bytes that mean something in JSON.
enum ASCII {
  static let tab: UInt8 = 0x09
  static let newline: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let quote: UInt8 = 0x22
  static let plus: UInt8 = 0x2B
  static let comma: UInt8 = 0x2C
  static let minus: UInt8 = 0x2D
  static let point: UInt8 = 0x2E
  static let zero: UInt8 = 0x30
  static let colon: UInt8 = 0x3A
  static let openArray: UInt8 = 0x5B
  static let backslash: UInt8 = 0x5C
  static let closeArray: UInt8 = 0x5D
  static let lowerE: UInt8 = 0x65
  static let lowerU: UInt8 = 0x75
  static let openObject: UInt8 = 0x7B
  static let closeObject: UInt8 = 0x7D

  static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }

  /// Upper and lower case differ in one bit.
  static func isExponent(_ byte: UInt8) -> Bool { byte | 0x20 == lowerE }

  static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == 0x5F || (byte | 0x20) &- 0x61 < 26
  }

  /// Part of a number, wherever in it.
  static func isNumber(_ byte: UInt8) -> Bool {
    isDigit(byte) || isExponent(byte) || byte == point || byte == minus || byte == plus
  }

  static func hexDigit(_ byte: UInt8) -> UInt32? {
    if isDigit(byte) { return UInt32(byte - zero) }
    let letter = (byte | 0x20) &- 0x61
    return letter < 6 ? UInt32(letter) + 10 : nil
  }
}

extension ASCII {
  static func string(_ text: UnsafePointer<UInt8>, _ count: Int) -> String {
    String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
  }
}
