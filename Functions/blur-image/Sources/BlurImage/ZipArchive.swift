/// Files one after the other, not compressed: images are already (APPNOTE 6.3, sections 4.3.7 to 4.3.16).
package struct ZipArchive: Sendable {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  package init() {}

  package mutating func add(_ name: String, _ content: [UInt8]) {
    let offset = bytes.count
    // Version 2.0, names in UTF-8, stored, 1980-01-01: a time would say when the call was.
    let common: [UInt8] =
      Self.little(20, 2) + Self.little(0x0800, 2) + Self.little(0, 2) + Self.little(0, 2) + Self.little(0x21, 2)
      + Self.little(Int(Self.checksum(content)), 4) + Self.little(content.count, 4) + Self.little(content.count, 4)
      + Self.little(name.utf8.count, 2) + Self.little(0, 2)
    bytes += Self.little(0x0403_4B50, 4) + common + Array(name.utf8) + content
    directory +=
      Self.little(0x0201_4B50, 4) + Self.little(20, 2) + common + Self.little(0, 2) + Self.little(0, 2)
      + Self.little(0, 2) + Self.little(0, 4) + Self.little(offset, 4) + Array(name.utf8)
    count += 1
  }

  package func finish() -> [UInt8] {
    bytes + directory + Self.little(0x0605_4B50, 4) + Self.little(0, 4) + Self.little(count, 2) + Self.little(count, 2)
      + Self.little(directory.count, 4) + Self.little(bytes.count, 4) + Self.little(0, 2)
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }

  private static func checksum(_ content: [UInt8]) -> UInt32 {
    let table = table
    return ~content.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
  }
}
