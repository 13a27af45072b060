import ApusCommandLine
import ApusModel

extension ValueType where Value == Duration {
  /// A Go duration above zero, or a whole number of seconds.
  static var duration: ValueType {
    converted("DURATION", expectation: "a duration like 30s or 1m30s") { text in
      guard let duration = try? GoDuration.parse(environment: text), duration > .zero else { return nil }
      return duration
    }
  }
}
