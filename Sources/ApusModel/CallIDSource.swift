import Glibc

/// Makes call ids sixteen at a time, with one system call for all of them.
package struct CallIDSource {
  /// What getentropy(3) gives at once.
  private static let batch = 256
  private var random: [UInt8] = []

  package init() {}

  package mutating func next() -> CallID {
    let size = MemoryLayout<UInt128>.size
    if random.count < size {
      random = [UInt8](repeating: 0, count: CallIDSource.batch)
      let status = random.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) }
      guard status == 0 else {
        random = []
        return CallID()
      }
    }
    let bits = random.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: $0.count - size, as: UInt128.self) }
    random.removeLast(size)
    return CallID(randomBits: bits)
  }
}
