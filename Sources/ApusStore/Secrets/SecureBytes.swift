import CSodium

/// Bytes that are wiped at their end, between pages that trap, and kept out of swap and core dumps where the kernel
/// permits (sodium_malloc(3)).
package struct SecureBytes: ~Copyable, Sendable {
  // Safe because only this value, which is never copied, knows the address, and nothing is written after `make`.
  nonisolated(unsafe) private let base: UnsafeMutableRawPointer
  package let count: Int

  private init(count: Int) throws(StoreError) {
    try Sodium.start()
    guard let base = sodium_malloc(count) else {
      throw StoreError(.outOfMemory, "could not keep \(count) secret bytes", advice: "Free memory and try again")
    }
    self.base = base
    self.count = count
  }

  deinit {
    sodium_free(base)
  }

  /// Makes `count` bytes and lets `fill` write them.
  package static func make(
    count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) -> SecureBytes {
    let made = try SecureBytes(count: count)
    try fill(UnsafeMutableRawBufferPointer(start: made.base, count: count))
    return made
  }

  package static func copy(of bytes: UnsafeRawBufferPointer) throws(StoreError) -> SecureBytes {
    try make(count: bytes.count) { target throws(StoreError) in target.copyMemory(from: bytes) }
  }

  /// Takes the bytes over: the array's own are wiped. Copies that others made of it are theirs to wipe.
  package static func taking(_ bytes: inout [UInt8]) throws(StoreError) -> SecureBytes {
    let taken = try make(count: bytes.count) { target throws(StoreError) in
      bytes.withUnsafeBytes { target.copyMemory(from: $0) }
    }
    bytes.withUnsafeMutableBytes { if let base = $0.baseAddress { sodium_memzero(base, $0.count) } }
    bytes = []
    return taken
  }

  package static func random(count: Int) throws(StoreError) -> SecureBytes {
    try make(count: count) { target throws(StoreError) in
      if let base = target.baseAddress { randombytes_buf(base, target.count) }
    }
  }

  /// Lends the bytes; the pointer ends with the call.
  package borrowing func withBytes<Value: ~Copyable, Failure>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try body(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// Compares in a time that does not depend on where the two differ.
  package borrowing func equals(_ other: borrowing SecureBytes) -> Bool {
    Sodium.areEqual(
      UnsafeRawBufferPointer(start: base, count: count), UnsafeRawBufferPointer(start: other.base, count: other.count))
  }
}
