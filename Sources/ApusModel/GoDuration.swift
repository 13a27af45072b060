/// Durations in Go's notation (`1h2m3.5s`), in which OpenFaaS environments, annotations and headers are written.
///
/// Accepts and prints exactly what Go's `time` package does, so that a value means the same on both sides.
package enum GoDuration {
  /// Go counts nanoseconds in an `int64`: this magnitude is reached only by the most negative duration.
  private static let magnitudeLimit: UInt64 = 1 << 63

  /// Reads `[-+]?([0-9]*(\.[0-9]*)?[a-zµμ]+)+`, or a bare `0`.
  package static func parse(_ text: String) throws(GoDurationError) -> Duration {
    var rest = Array(text.utf8)[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    if rest.elementsEqual("0".utf8) { return .zero }
    if text.isEmpty { throw .empty }
    guard !rest.isEmpty else { throw .missingNumber(text: text, rest: "") }

    var total: UInt64 = 0
    while !rest.isEmpty {
      let term = try nextTerm(&rest, of: text)
      // Two magnitudes of at most 2^63 may add up to 2^64, one more than UInt64 holds.
      let (sum, overflow) = total.addingReportingOverflow(term)
      guard !overflow, sum <= magnitudeLimit else { throw .outOfRange(text: text) }
      total = sum
    }
    guard isNegative || total < magnitudeLimit else { throw .outOfRange(text: text) }
    let nanoseconds = isNegative ? -Int128(total) : Int128(total)
    return Duration(attoseconds: nanoseconds * attosecondsPerNanosecond)
  }

  /// Reads an environment value: a bare non-negative integer is seconds, all else is Go's notation.
  ///
  /// A text that is neither throws; of-watchdog falls back to its default there, and so may the caller.
  package static func parse(environment text: String) throws(GoDurationError) -> Duration {
    let digits = text.hasPrefix("+") ? text.utf8.dropFirst() : text.utf8[...]
    guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return try parse(text) }
    guard let seconds = UInt64(text), seconds <= magnitudeLimit / 1_000_000_000 else { throw .outOfRange(text: text) }
    return .seconds(seconds)
  }

  /// One number with its unit, in nanoseconds, taken from the front of `rest`.
  private static func nextTerm(_ rest: inout ArraySlice<UInt8>, of text: String) throws(GoDurationError) -> UInt64 {
    let number = rest
    let whole = rest.prefix(while: isDigit)
    rest = rest[whole.endIndex...]
    var fraction: ArraySlice<UInt8> = []
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = rest.prefix(while: isDigit)
      rest = rest[fraction.endIndex...]
    }
    guard !whole.isEmpty || !fraction.isEmpty else {
      throw .missingNumber(text: text, rest: String(decoding: number, as: UTF8.self))
    }
    let name = rest.prefix { !isDigit($0) && $0 != UInt8(ascii: ".") }
    guard !name.isEmpty else { throw .missingUnit(text: text) }
    guard let unit = nanoseconds(ofUnit: String(decoding: name, as: UTF8.self)) else {
      throw .unknownUnit(text: text, unit: String(decoding: name, as: UTF8.self))
    }
    rest = rest[name.endIndex...]

    guard let count = integer(whole), count <= magnitudeLimit / unit else { throw .outOfRange(text: text) }
    // At most 2^63 + 3.6e12: no overflow.
    let value = count * unit + nanoseconds(ofFraction: fraction, unit: unit)
    guard value <= magnitudeLimit else { throw .outOfRange(text: text) }
    return value
  }

  /// The digits' value; nil beyond 64 bits.
  private static func integer(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for digit in digits {
      let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = tens.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
      if tooLarge || carried { return nil }
      value = sum
    }
    return value
  }

  /// Nanoseconds in `0.<digits>` units, cut to whole ones.
  ///
  /// Go does this in double precision over the digits that fit 63 bits; to agree with it to the nanosecond
  /// (`0.3333333333333333333h` is 20m0s there), so do we.
  private static func nanoseconds(ofFraction digits: ArraySlice<UInt8>, unit: UInt64) -> UInt64 {
    var numerator: UInt64 = 0
    var scale = 1.0
    for digit in digits {
      guard numerator <= UInt64(Int64.max) / 10 else { break }
      numerator = numerator * 10 + UInt64(digit - UInt8(ascii: "0"))
      scale *= 10
    }
    // Below one unit, 3.6e12: always convertible.
    return UInt64(Double(numerator) * (Double(unit) / scale))
  }

  private static func nanoseconds(ofUnit name: String) -> UInt64? {
    switch name {
    case "ns": 1
    // The micro sign U+00B5 and the Greek letter mu U+03BC look alike; Go takes both, and `us` for keyboards.
    case "us", "\u{B5}s", "\u{3BC}s": 1_000
    case "ms": 1_000_000
    case "s": 1_000_000_000
    case "m": 60_000_000_000
    case "h": 3_600_000_000_000
    default: nil
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  static let attosecondsPerNanosecond: Int128 = 1_000_000_000
}
