internal import Glibc

/// Random numbers that nobody can compute again: the kernel's, some at a time.
package struct SecureNoise {
  private static let batch = 4096
  private var bytes: [UInt8] = []
  private var position = 0

  package init() {}

  package mutating func byte() -> UInt8 {
    if position == bytes.count { refill() }
    defer { position += 1 }
    return bytes[position]
  }

  /// Uniform in 0 ..< 1.
  private mutating func uniform() -> Double {
    var bits: UInt32 = 0
    for _ in 0..<4 { bits = bits << 8 | UInt32(byte()) }
    return (Double(bits) + 0.5) / 4_294_967_296
  }

  /// Normally distributed around zero (Box and Muller, 1958).
  package mutating func normal(deviation: Double) -> Double {
    let radius = (-2 * log(uniform())).squareRoot()
    return deviation * radius * cos(2 * .pi * uniform())
  }

  /// About normally distributed around zero, for every pixel: the sum of four bytes has a deviation of 148.
  package mutating func roughlyNormal(deviation: Float) -> Float {
    let sum = Int32(byte()) + Int32(byte()) + Int32(byte()) + Int32(byte())
    return Float(sum - 510) * (deviation / 147.8)
  }

  private mutating func refill() {
    bytes = [UInt8](unsafeUninitializedCapacity: Self.batch) { buffer, used in
      guard let base = buffer.baseAddress else { return }
      arc4random_buf(base, Self.batch)
      used = Self.batch
    }
    position = 0
  }
}
