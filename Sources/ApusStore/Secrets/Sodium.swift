import CSodium

/// libsodium, started.
enum Sodium {
  private static let isStarted = sodium_init() >= 0

  /// Before any other call of the library, from any thread (sodium_init(3)).
  static func start() throws(StoreError) {
    guard isStarted else {
      throw StoreError(
        .inputOutput, "could not start libsodium", meaning: "the kernel gives no random numbers",
        advice: "Make /dev/urandom readable, or use a kernel with getrandom(2)")
    }
  }

  static func randomBytes(_ count: Int) throws(StoreError) -> [UInt8] {
    try start()
    var bytes = [UInt8](repeating: 0, count: count)
    bytes.withUnsafeMutableBytes { if let base = $0.baseAddress { randombytes_buf(base, $0.count) } }
    return bytes
  }

  /// BLAKE2b, 16 to 64 bytes of it. `context` keeps the same bytes hashed for another purpose apart.
  static func hash(_ context: String, _ bytes: UnsafeRawBufferPointer, count: Int) throws(StoreError) -> [UInt8] {
    try start()
    var hash = [UInt8](repeating: 0, count: count)
    var prefix = Array(context.utf8)
    prefix.append(0)
    guard apus_hash(&hash, count, prefix, prefix.count, bytes.baseAddress, bytes.count) == 0 else {
      throw StoreError(.misuse, "could not hash", advice: "This is a defect of the program: report it")
    }
    return hash
  }

  /// In a time that does not depend on where they differ.
  static func areEqual(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
    guard one.count == other.count else { return false }
    guard let first = one.baseAddress, let second = other.baseAddress else { return true }
    return sodium_memcmp(first, second, one.count) == 0
  }
}
