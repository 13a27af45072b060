import CLinux
import Glibc

/// Bytes on their way from a producer to a consumer. An empty buffer holds no memory.
///
/// The first 16 KiB come from a block kept by the thread, so a keep-alive connection that waits costs nothing here.
/// A buffer may be moved between threads; it must not be used by two at once, which `~Copyable` ensures.
package struct Buffer: ~Copyable {
  @usableFromInline var base: UnsafeMutableRawPointer?
  @usableFromInline var capacity = 0
  @usableFromInline var start = 0
  @usableFromInline var end = 0

  @inlinable package init() {}

  deinit {
    if let base { Buffer.release(base, capacity) }
  }

  @inlinable package var count: Int { end - start }
  @inlinable package var isEmpty: Bool { start == end }

  /// The bytes not consumed yet; valid until the next mutation.
  @inlinable package var readable: UnsafeRawBufferPointer {
    guard let base else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: base + start, count: end - start)
  }

  /// Room for at least `room` bytes behind the readable ones; fill it, then `commit`.
  @inlinable package mutating func reserve(_ room: Int) -> UnsafeMutableRawBufferPointer {
    if capacity - end < room { makeRoom(room) }
    guard let base else { return UnsafeMutableRawBufferPointer(start: nil, count: 0) }
    return UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end)
  }

  /// Declares `count` of the reserved bytes filled.
  @inlinable package mutating func commit(_ count: Int) {
    precondition(count >= 0 && count <= capacity - end, "commit beyond the reserved room")
    end += count
  }

  /// Drops `count` bytes from the front.
  @inlinable package mutating func consume(_ count: Int) {
    precondition(count >= 0 && count <= end - start, "consume beyond the readable bytes")
    start += count
    if start == end {
      start = 0
      end = 0
    }
  }

  /// Gives the memory back if nothing is waiting in it. Call it before a long wait.
  @inlinable package mutating func releaseIfEmpty() {
    guard isEmpty, let held = base else { return }
    Buffer.release(held, capacity)
    base = nil
    capacity = 0
    start = 0
    end = 0
  }

  @inlinable package mutating func removeAll() {
    start = 0
    end = 0
  }

  @inlinable package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    if capacity - end < bytes.count { makeRoom(bytes.count) }
    guard let base else { return }
    (base + end).copyMemory(from: source, byteCount: bytes.count)
    end += bytes.count
  }

  @inlinable package mutating func append(_ byte: UInt8) {
    if capacity == end { makeRoom(1) }
    guard let base else { return }
    (base + end).storeBytes(of: byte, as: UInt8.self)
    end += 1
  }

  @inlinable package mutating func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  @inlinable package mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  @inlinable package mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Appends `number` in decimal, or in lower-case hexadecimal.
  package mutating func append(_ number: UInt64, radix: UInt64 = 10) {
    withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
      var at = 20
      var rest = number
      repeat {
        at -= 1
        let digit = UInt8(truncatingIfNeeded: rest % radix)
        digits[at] = digit < 10 ? 0x30 + digit : 0x57 + digit
        rest /= radix
      } while rest > 0
      append(UnsafeRawBufferPointer(rebasing: digits[at...]))
    }
  }

  @usableFromInline mutating func makeRoom(_ room: Int) {
    let held = end - start
    if let base, capacity - held >= room, start > 0 {
      memmove(base, base + start, held)
      start = 0
      end = held
      return
    }
    let needed = held + room
    let blockSize = Int(APUS_BLOCK_SIZE)
    let size = needed <= blockSize ? blockSize : max(needed, capacity * 2)
    guard let fresh = size == blockSize ? apus_block_take() : malloc(size) else {
      fatalError("out of memory: \(size) bytes for a buffer")
    }
    if let base {
      fresh.copyMemory(from: base + start, byteCount: held)
      Buffer.release(base, capacity)
    }
    base = fresh
    capacity = size
    start = 0
    end = held
  }

  @usableFromInline static func release(_ base: UnsafeMutableRawPointer, _ capacity: Int) {
    if capacity == Int(APUS_BLOCK_SIZE) { apus_block_give(base) } else { free(base) }
  }
}
