/// What the fields of one head say about its content and its connection, gathered while they are read.
struct FramingFacts: Sendable {
  struct Flags: OptionSet {
    var rawValue: UInt8
    static let close = Flags(rawValue: 1)
    static let keepAlive = Flags(rawValue: 2)
    static let upgradeOption = Flags(rawValue: 4)
    static let upgradeField = Flags(rawValue: 8)
    static let chunked = Flags(rawValue: 16)
    static let expectsContinue = Flags(rawValue: 32)
    static let host = Flags(rawValue: 64)
  }

  var flags: Flags = []
  var contentLength: UInt64?
  var optionCount = 0

  mutating func note(
    _ known: KnownField, _ value: UnsafeRawBufferPointer, isRequest: Bool, limits: HeadLimits
  ) throws(WireError) {
    switch known {
    case .host where isRequest:
      // RFC 9112 section 3.2: more than one Host, or an invalid one, is 400.
      guard !flags.contains(.host) else { throw WireError(.repeatedHost) }
      guard Authority.isValid(value, needsPort: false) else { throw WireError(.invalidHost) }
      flags.insert(.host)
    case .contentLength:
      // RFC 9110 section 8.6 lets equal lengths be merged; nobody honest sends two, so two are refused.
      guard contentLength == nil else { throw WireError(.repeatedContentLength) }
      guard let length = FramingFacts.decimal(value) else { throw WireError(.invalidContentLength) }
      contentLength = length
    case .transferEncoding:
      guard !flags.contains(.chunked), equalIgnoringCase(value, "chunked") else {
        throw WireError(.unsupportedTransferCoding)
      }
      flags.insert(.chunked)
    case .connection:
      noteOptions(value)
      if optionCount > limits.connectionOptions { throw WireError(.tooManyConnectionOptions) }
    case .upgrade:
      flags.insert(.upgradeField)
    case .expect where equalIgnoringCase(value, "100-continue"):
      flags.insert(.expectsContinue)
    default: break
    }
  }

  private mutating func noteOptions(_ value: UnsafeRawBufferPointer) {
    forEachListElement(value) { option in
      optionCount += 1
      switch option.count {
      case 5 where equalIgnoringCase(option, "close"): flags.insert(.close)
      case 7 where equalIgnoringCase(option, "upgrade"): flags.insert(.upgradeOption)
      case 10 where equalIgnoringCase(option, "keep-alive"): flags.insert(.keepAlive)
      default: break
      }
    }
  }

  /// Digits only: no sign, no list, no blank inside. Below 2^63, so that it fits a signed offset everywhere.
  static func decimal(_ digits: UnsafeRawBufferPointer) -> UInt64? {
    // 19 digits can't overflow 64 bits; leading zeros beyond that are an attack on somebody.
    guard digits.count > 0, digits.count <= 19 else { return nil }
    var number: UInt64 = 0
    for digit in digits {
      guard Byte.isDigit(digit) else { return nil }
      number = number &* 10 &+ UInt64(digit &- 0x30)
    }
    return number <= UInt64(Int64.max) ? number : nil
  }

  /// RFC 9112 section 9.3.
  func keepsAlive(minorVersion: Int) -> Bool {
    if flags.contains(.close) { return false }
    return minorVersion >= 1 || flags.contains(.keepAlive)
  }
}
