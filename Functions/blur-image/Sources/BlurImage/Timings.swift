/// How long the steps took.
struct Timings: Sendable, Encodable {
  var decode: Double?
  var detect: Double?
  var redact: Double?
  var encode: Double?

  init() {}

  /// Of several images, one after the other; a step that none of them had is left out.
  init(sumOf all: [Timings]) {
    func sum(_ step: (Timings) -> Double?) -> Double? { all.compactMap(step).reduce(nil) { ($0 ?? 0) + $1 } }
    decode = sum(\.decode)
    detect = sum(\.detect)
    redact = sum(\.redact)
    encode = sum(\.encode)
  }

  /// RFC-less but widely read: `Server-Timing` (W3C).
  var field: String {
    [("decode", decode), ("detect", detect), ("redact", redact), ("encode", encode)].compactMap { name, time in
      time.map { "\(name);dur=\(Timings.rounded($0))" }
    }.joined(separator: ", ")
  }

  /// In milliseconds, to the hundredth.
  static func since(_ start: ContinuousClock.Instant) -> Double {
    let time = start.duration(to: .now).components
    return rounded(Double(time.seconds) * 1000 + Double(time.attoseconds) / 1e15)
  }

  private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
