extension Quantity {
  /// The digits of a quantity and what follows them, before either is given a meaning.
  struct Number {
    let isNegative: Bool
    /// Decimal digits (0...9) before and after the point; at least one in all.
    let whole: [UInt8]
    let fraction: [UInt8]
    let suffix: String

    init(_ text: String) throws(QuantityError) {
      var rest = text.utf8[...]
      isNegative = rest.first == UInt8(ascii: "-")
      if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
      whole = Self.digits(&rest)
      if rest.first == UInt8(ascii: ".") {
        rest.removeFirst()
        fraction = Self.digits(&rest)
      } else {
        fraction = []
      }
      guard !whole.isEmpty || !fraction.isEmpty else { throw .missingNumber(text: text) }
      suffix = String(decoding: rest, as: UTF8.self)
    }

    private static func digits(_ rest: inout Substring.UTF8View) -> [UInt8] {
      let run = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
      rest = rest[run.endIndex...]
      return run.map { $0 - UInt8(ascii: "0") }
    }

    /// The number times 10^`exponent`, in billionths and rounded up; nil if it overflows.
    func scaled(byDecimal exponent: Int) -> UInt128? {
      let digits = whole + fraction
      guard digits.contains(where: { $0 != 0 }) else { return 0 }
      // How many of the digits, padded with zeros, stand before the point once it has moved.
      let point = whole.count + exponent + 9
      var value: UInt128 = 0
      for position in 0..<max(0, point) {
        let digit = position < digits.count ? digits[position] : 0
        guard let next = Self.append(digit, to: value) else { return nil }
        // Only zeros so far: the loop is as long as the input, or ends in an overflow within 39 steps.
        value = next
      }
      let isExact = digits.dropFirst(max(0, point)).allSatisfy { $0 == 0 }
      return isExact ? value : value + 1
    }

    /// The number times 2^`power`, in billionths and rounded up; nil if it overflows.
    func scaled(byBinary power: Int) -> UInt128? {
      let scale = (UInt128(1) << UInt128(power)) * 1_000_000_000
      var value: UInt128 = 0
      for digit in whole {
        guard let next = Self.append(digit, to: value) else { return nil }
        value = next
      }
      let (product, overflow) = value.multipliedReportingOverflow(by: scale)
      if overflow { return nil }

      // 0.d1d2d3 × scale = (d1 × scale + (d2 × scale + (d3 × scale) / 10) / 10) / 10. Cutting at each division
      // gives the same whole number as cutting once, and a remainder anywhere means that there is one in the end.
      var part: UInt128 = 0
      var isExact = true
      for digit in fraction.reversed() {
        let (quotient, remainder) = (UInt128(digit) * scale + part).quotientAndRemainder(dividingBy: 10)
        part = quotient
        if remainder != 0 { isExact = false }
      }
      let (sum, carried) = product.addingReportingOverflow(isExact ? part : part + 1)
      return carried ? nil : sum
    }

    private static func append(_ digit: UInt8, to value: UInt128) -> UInt128? {
      let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = tens.addingReportingOverflow(UInt128(digit))
      return tooLarge || carried ? nil : sum
    }
  }
}
