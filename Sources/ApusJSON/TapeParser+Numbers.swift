extension TapeParser {
  /// Nineteen digits always fit UInt64; a twentieth may not.
  private static let digitsSafe = 19

  /// Reads a number (RFC 8259 §6), starting at its sign or first digit.
  mutating func number() throws(JSONError) {
    let start = at
    let isNegative = text[at] == ASCII.minus
    if isNegative { at += 1 }
    let first = at
    var magnitude = digits(0)
    let integerDigits = at - first
    guard integerDigits > 0 else { throw numberFault("no digit after the minus sign") }
    guard integerDigits == 1 || text[first] != ASCII.zero else {
      at = first
      throw numberFault("a leading zero")
    }
    guard text[at] == ASCII.point || ASCII.isExponent(text[at]) else {
      return try whole(start, isNegative, integerDigits, magnitude)
    }

    var significant = integerDigits
    var exponent = 0
    if text[at] == ASCII.point {
      at += 1
      let fraction = at
      magnitude = digits(magnitude)
      guard at > fraction else { throw numberFault("no digit after the point") }
      significant += at - fraction
      exponent = fraction - at
    }
    if ASCII.isExponent(text[at]) { exponent += try self.exponent() }
    try double(start, isNegative, significant <= Self.digitsSafe ? magnitude : nil, exponent)
  }

  /// Goes on over digits; the value wraps round beyond what UInt64 holds, so the caller counts them.
  @inline(__always)
  private mutating func digits(_ value: UInt64) -> UInt64 {
    var value = value
    while ASCII.isDigit(text[at]) {
      value = value &* 10 &+ UInt64(text[at] &- ASCII.zero)
      at += 1
    }
    return value
  }

  /// The exponent, with its letter; held within bounds that no Double comes near.
  private mutating func exponent() throws(JSONError) -> Int {
    at += 1
    let isNegative = text[at] == ASCII.minus
    if isNegative || text[at] == ASCII.plus { at += 1 }
    guard ASCII.isDigit(text[at]) else { throw numberFault("no digit in the exponent") }
    var value = 0
    while ASCII.isDigit(text[at]) {
      value = min(value * 10 + Int(text[at] - ASCII.zero), 1_000_000)
      at += 1
    }
    return isNegative ? -value : value
  }

  private mutating func whole(
    _ start: Int, _ isNegative: Bool, _ digits: Int, _ wrapped: UInt64
  ) throws(JSONError) {
    // "-0" is the one integer that only a Double can hold.
    if isNegative, wrapped == 0, digits == 1 {
      nodes.append(Node(.double, at: start, bits: (-0.0).bitPattern))
      return
    }
    let magnitude: UInt64? =
      digits <= Self.digitsSafe ? wrapped : digits == 20 ? UInt64(ASCII.string(text + (at - 20), 20)) : nil
    guard let magnitude else { return try double(start, isNegative, nil, 0) }
    if let small = Int64(exactly: magnitude) {
      nodes.append(Node(.integer, at: start, bits: UInt64(bitPattern: isNegative ? -small : small)))
    } else if !isNegative {
      nodes.append(Node(.unsigned, at: start, bits: magnitude))
    } else if magnitude == Int64.min.magnitude {
      nodes.append(Node(.integer, at: start, bits: UInt64(bitPattern: Int64.min)))
    } else {
      try double(start, isNegative, nil, 0)
    }
  }

  /// `magnitude` is nil where the digits do not fit it.
  private mutating func double(
    _ start: Int, _ isNegative: Bool, _ magnitude: UInt64?, _ exponent: Int
  ) throws(JSONError) {
    var value = 0.0
    if let magnitude, magnitude <= 1 << 53, -22...22 ~= exponent {
      // Both operands are exact, so one operation rounds once (W. D. Clinger, PLDI 1990).
      let power = Self.powersOfTen[abs(exponent)]
      value = exponent < 0 ? Double(magnitude) / power : Double(magnitude) * power
      if isNegative { value = -value }
    } else {
      // The standard library reads numbers the same in every locale.
      value = Double(ASCII.string(text + start, at - start)) ?? .infinity
    }
    guard value.isFinite else {
      at = start
      throw fail(.numberTooLarge)
    }
    nodes.append(Node(.double, at: start, bits: value.bitPattern))
  }

  private func numberFault(_ what: String) -> JSONError {
    at >= end ? fail(.ended(expected: "a digit")) : fail(.malformedNumber(what))
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]
}
