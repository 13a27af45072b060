/// Eight windows side by side.
typealias Lanes = SIMD8<Float>

extension SIMD8<Int32> {
  @inline(__always) init(at pointer: UnsafePointer<Int32>, _ place: Int32) {
    self = UnsafeRawPointer(pointer + Int(place)).loadUnaligned(as: SIMD8<Int32>.self)
  }

  /// As floating point; exact up to 2^22, which the sums of a window's pixels stay below.
  ///
  /// The bits of 1.5 · 2^23 plus a whole number are those of their sum: an addition where a conversion of all lanes at
  /// once is not to be had.
  @inline(__always) var lanes: Lanes {
    unsafeBitCast(self &+ 0x4B40_0000, to: Lanes.self) - 12_582_912
  }

  /// All bits where the lane is negative, none elsewhere.
  @inline(__always) var signs: SIMD8<Int32> { self &>> 31 }
}

extension SIMD8<Float> {
  @inline(__always) var bits: SIMD8<Int32> { unsafeBitCast(self, to: SIMD8<Int32>.self) }

  /// All bits where this is less than `other`, none elsewhere.
  @inline(__always) func isLess(_ other: Lanes) -> SIMD8<Int32> { (self - other).bits.signs }

  /// This where `mask` has bits, `other` where it has none.
  @inline(__always) func chosen(by mask: SIMD8<Int32>, otherwise other: Lanes) -> Lanes {
    unsafeBitCast((bits & mask) | (other.bits & ~mask), to: Lanes.self)
  }
}
