/// Reads numbers out of bytes; past the end there is nothing.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private(set) var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// From the start of the slice.
  mutating func seek(_ offset: Int) { position = bytes.startIndex + offset }

  mutating func skip(_ count: Int) { position += count }

  mutating func byte() -> UInt8? {
    guard position >= bytes.startIndex, position < bytes.endIndex else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard position >= bytes.startIndex, count >= 0, count <= bytes.endIndex - position else { return nil }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func bigEndian(_ count: Int) -> Int? {
    take(count).map { $0.reduce(0) { $0 << 8 | Int($1) } }
  }

  mutating func littleEndian(_ count: Int) -> Int? {
    take(count).map { $0.reversed().reduce(0) { $0 << 8 | Int($1) } }
  }
}
