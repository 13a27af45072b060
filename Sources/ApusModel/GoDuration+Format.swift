extension GoDuration {
  /// Prints as Go does: `1m30s`, `1.5s`, `2.75ms`, `0s`; what is finer than a nanosecond is cut off.
  package static func format(_ duration: Duration) -> String {
    let nanoseconds = duration.attoseconds / attosecondsPerNanosecond
    let magnitude = nanoseconds.magnitude
    let sign = nanoseconds < 0 ? "-" : ""
    switch magnitude {
    case 0: return "0s"
    case ..<1_000: return "\(sign)\(magnitude)ns"
    case ..<1_000_000: return sign + decimal(magnitude, per: 1_000) + "µs"
    case ..<1_000_000_000: return sign + decimal(magnitude, per: 1_000_000) + "ms"
    default: break
    }
    let minute: UInt128 = 60_000_000_000
    let seconds = decimal(magnitude % minute, per: 1_000_000_000) + "s"
    let minutes = magnitude / minute
    if minutes == 0 { return sign + seconds }
    if minutes < 60 { return "\(sign)\(minutes)m\(seconds)" }
    return "\(sign)\(minutes / 60)h\(minutes % 60)m\(seconds)"
  }

  /// As `format`, for people: three digits that tell something, and the next larger value rather than one too small.
  package static func rounded(_ duration: Duration) -> String {
    let nanoseconds = duration.attoseconds / attosecondsPerNanosecond
    let unit: Int128 =
      switch nanoseconds.magnitude {
      case ..<1_000: 1
      case ..<1_000_000: 1_000
      case ..<1_000_000_000: 1_000_000
      case ..<10_000_000_000: 100_000_000
      default: 1_000_000_000
      }
    let rest = nanoseconds % unit
    let up = nanoseconds - rest + (rest > 0 ? unit : 0)
    return format(Duration(attoseconds: up * attosecondsPerNanosecond))
  }

  /// `value / unit` with as many decimals as it needs; `unit` is a power of ten.
  private static func decimal(_ value: UInt128, per unit: UInt128) -> String {
    var text = "\(value / unit)"
    var rest = value % unit
    if rest > 0 { text += "." }
    while rest > 0 {
      rest *= 10
      text += "\(rest / unit)"
      rest %= unit
    }
    return text
  }
}
