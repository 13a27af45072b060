import Glibc

/// Numbers that look random and are the same in every run (SplitMix64).
package struct RandomNumbers {
  private var state: UInt64

  package init(seed: UInt64) {
    state = seed
  }

  private mutating func bits() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// Between 0 and 1.
  package mutating func uniform() -> Double {
    Double(bits() >> 11) / 9_007_199_254_740_992
  }

  /// Standard normal, by Box and Muller.
  package mutating func normal() -> Double {
    let radius = (-2 * log(max(uniform(), 1e-300))).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }
}
