import ApusIO

/// Durations as the contract writes them: seconds with six decimals.
package enum Seconds {
  package static func text(_ duration: Duration) -> String {
    var rest = UInt64(max(0, duration.nanosecondsClamped)) / 1_000
    // Backwards: six decimals, the point, then whole seconds, of which 64 bits of nanoseconds have eleven digits.
    return String(unsafeUninitializedCapacity: 24) { digits in
      var at = 24
      repeat {
        at -= 1
        digits[at] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
        if at == 18 {
          at -= 1
          digits[at] = UInt8(ascii: ".")
        }
      } while rest > 0 || at >= 17
      for index in at..<24 { digits[index - at] = digits[index] }
      return 24 - at
    }
  }
}
