/// Writes the headers of an archive that depends on names, contents and executable bits only: no owner, no time.
package enum TarWriter {
  /// Two blocks of zeros.
  package static let end = [UInt8](repeating: 0, count: 2 * TarHeader.size)

  /// The header of a folder; a path that its field can't hold goes into a pax header before it.
  package static func folder(_ path: TarPath) -> [UInt8] {
    header(path.text + "/", flag: UInt8(ascii: "5"), byteCount: 0, mode: 0o755)
  }

  package static func file(_ path: TarPath, byteCount: Int, isExecutable: Bool) -> [UInt8] {
    header(path.text, flag: UInt8(ascii: "0"), byteCount: byteCount, mode: isExecutable ? 0o755 : 0o644)
  }

  /// Zeros after a content, up to the next block.
  package static func padding(after byteCount: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: -byteCount & (TarHeader.size - 1))
  }

  private static func header(_ path: String, flag: UInt8, byteCount: Int, mode: Int) -> [UInt8] {
    let path = Array(path.utf8)
    guard path.count > 100 else { return block(path, flag: flag, byteCount: byteCount, mode: mode) }
    let record = pathRecord(path)
    let records = block(Array("PaxHeader".utf8), flag: UInt8(ascii: "x"), byteCount: record.count, mode: 0o644)
    return records + record + padding(after: record.count)
      + block(Array(path.prefix(100)), flag: flag, byteCount: byteCount, mode: mode)
  }

  /// `LENGTH path=PATH\n`, where the length counts its own digits, too.
  private static func pathRecord(_ path: [UInt8]) -> [UInt8] {
    let rest = Array(" path=".utf8) + path + [UInt8(ascii: "\n")]
    var length = rest.count
    while String(length).utf8.count + rest.count != length { length = String(length).utf8.count + rest.count }
    return Array(String(length).utf8) + rest
  }

  private static func block(_ path: [UInt8], flag: UInt8, byteCount: Int, mode: Int) -> [UInt8] {
    var block: [UInt8] = []
    block.reserveCapacity(TarHeader.size)
    block += path + [UInt8](repeating: 0, count: 100 - path.count)
    block += octal(mode, width: 8) + octal(0, width: 8) + octal(0, width: 8)
    block += octal(byteCount, width: 12) + octal(0, width: 12)
    block += [UInt8](repeating: UInt8(ascii: " "), count: TarHeader.checksumField.count)
    block += [flag] + [UInt8](repeating: 0, count: 100)
    block += Array("ustar\u{0}00".utf8)
    block += [UInt8](repeating: 0, count: TarHeader.size - block.count)
    block.replaceSubrange(
      TarHeader.checksumField, with: octal(Int(TarHeader.checksum(of: block)), width: 7) + [UInt8(ascii: " ")])
    return block
  }

  /// Digits and a zero byte, `width` bytes in all. A file's size fits: its limit is far below 8 GiB.
  private static func octal(_ number: Int, width: Int) -> [UInt8] {
    let digits = Array(String(number, radix: 8).utf8).suffix(width - 1)
    return [UInt8](repeating: UInt8(ascii: "0"), count: width - 1 - digits.count) + digits + [0]
  }
}
