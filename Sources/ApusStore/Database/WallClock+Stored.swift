package import ApusIO

extension WallClock {
  /// As columns hold an instant: nanoseconds since 1970, good until 2262; what is beyond is cut to that.
  var stored: Int64 {
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carried) = scaled.addingReportingOverflow(nanoseconds)
    return overflow || carried ? (seconds < 0 ? .min : .max) : sum
  }

  init(stored: Int64) {
    self.init(seconds: stored / 1_000_000_000, nanoseconds: stored % 1_000_000_000)
  }
}

extension Statement {
  package func instant(_ column: CInt) throws(StoreError) -> WallClock {
    WallClock(stored: try integer(column))
  }

  package func instantOrNull(_ column: CInt) throws(StoreError) -> WallClock? {
    try integerOrNull(column).map { WallClock(stored: $0) }
  }
}

extension Statement.Value {
  package static func instant(_ instant: WallClock) -> Statement.Value { .integer(instant.stored) }
}
