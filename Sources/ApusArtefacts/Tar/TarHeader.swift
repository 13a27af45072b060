/// One header block of ustar, with its checksum verified (POSIX.1-2017, pax, "ustar Interchange Format").
struct TarHeader {
  static let size = 512
  /// Where the checksum stands, which counts as spaces while it is computed.
  static let checksumField = 148..<156

  /// As the archive has it: the prefix of POSIX is put before the name.
  let path: [UInt8]
  let flag: UInt8
  let byteCount: UInt64
  /// The owner's.
  let isExecutable: Bool

  init(_ block: [UInt8]) throws(TarError.Reason) {
    let isPOSIX = block[257..<265].elementsEqual("ustar\u{0}00".utf8)
    // GNU tar's own format: the same fields as far as we read, but times where POSIX has the prefix.
    let isGNU = block[257..<265].elementsEqual("ustar  \u{0}".utf8)
    guard isPOSIX || isGNU else { throw Self.compression(of: block).map { .compressed(with: $0) } ?? .notTar }
    guard Self.number(block[Self.checksumField]) == Self.checksum(of: block) else { throw .damagedHeader }
    let name = try Self.text(block[0..<100])
    let prefix = isPOSIX ? try Self.text(block[345..<500]) : []
    path = prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
    flag = block[156]
    guard let byteCount = Self.number(block[124..<136]) else { throw .badNumber(field: "size") }
    guard let mode = Self.number(block[100..<108]) else { throw .badNumber(field: "mode") }
    self.byteCount = byteCount
    isExecutable = mode & 0o100 != 0
  }

  /// The sum of all bytes.
  static func checksum(of block: [UInt8]) -> UInt64 {
    var sum: UInt64 = 0
    for (position, byte) in block.enumerated() {
      sum += checksumField.contains(position) ? UInt64(UInt8(ascii: " ")) : UInt64(byte)
    }
    return sum
  }

  /// Up to the first zero; what hides behind it must be zero, too.
  private static func text(_ field: ArraySlice<UInt8>) throws(TarError.Reason) -> [UInt8] {
    let text = field.prefix { $0 != 0 }
    guard field[text.endIndex...].allSatisfy({ $0 == 0 }) else { throw .nulInPath }
    return Array(text)
  }

  /// Octal digits between spaces and zeros, or GNU's 80h and a number of base 256. A negative one is none.
  static func number(_ field: ArraySlice<UInt8>) -> UInt64? {
    if field.first == 0x80 {
      let significant = field.dropFirst().drop { $0 == 0 }
      // A number of 2^64 and more is as good as the largest: each limit is below both.
      return significant.count > 8 ? .max : significant.reduce(0) { $0 << 8 | UInt64($1) }
    }
    let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
    let rest = field[digits.endIndex...]
    guard !digits.isEmpty, rest.allSatisfy({ $0 == 0 || $0 == UInt8(ascii: " ") }) else { return nil }
    // 12 digits are 36 bits.
    return digits.reduce(0) { $0 << 3 | UInt64($1 - UInt8(ascii: "0")) }
  }

  /// What people send by mistake, told by its first bytes.
  private static func compression(of block: [UInt8]) -> String? {
    let marks: [([UInt8], String)] = [
      ([0x1F, 0x8B], "gzip"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz"),
      (Array("BZh".utf8), "bzip2"), (Array("PK\u{3}\u{4}".utf8), "zip"),
    ]
    return marks.first { block.starts(with: $0.0) }?.1
  }
}
