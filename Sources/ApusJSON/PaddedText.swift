/// A document's own copy of its text, with zeros behind it.
///
/// The copy lets a decoder outlive the caller's buffer. The zeros end every token, since NUL is allowed in none, and
/// make reading eight bytes at once safe at any place: so the parser compares no index with the length.
struct PaddedText: ~Copyable {
  static let padding = 8

  let base: UnsafePointer<UInt8>
  let count: Int

  init(_ bytes: UnsafeRawBufferPointer) {
    count = bytes.count
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: count + Self.padding)
    UnsafeMutableRawBufferPointer(start: copy, count: count).copyMemory(from: bytes)
    (copy + count).initialize(repeating: 0, count: Self.padding)
    base = UnsafePointer(copy)
  }

  deinit {
    base.deallocate()
  }
}
