/// Lines out of pieces of bytes.
struct LineSplitter {
  private var bytes: [UInt8] = []
  private var start = 0

  /// A line that is longer is given out in parts, so that nobody can fill our memory with one.
  private static let limit = 1 << 20

  mutating func add(_ piece: UnsafeRawBufferPointer) {
    bytes.removeFirst(start)
    start = 0
    bytes += piece
  }

  /// The next whole line, without its end; nil until more is added.
  mutating func next() -> [UInt8]? {
    guard let end = bytes[start...].firstIndex(of: 0x0A) else {
      guard bytes.count - start > Self.limit else { return nil }
      return rest()
    }
    defer { start = end + 1 }
    return Array(bytes[start..<end])
  }

  /// What came after the last line's end.
  mutating func rest() -> [UInt8] {
    defer { start = bytes.count }
    return Array(bytes[start...])
  }
}
