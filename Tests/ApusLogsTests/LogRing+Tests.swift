import ApusIO
import ApusLogs

extension LogRing {
  func add(
    _ text: String, instance: String = "replica-1", stream: LogStream = .stdout, at nanoseconds: Int64 = 1_000
  ) {
    add(Array(text.utf8), instance: instance, stream: stream, at: nanoseconds)
  }

  func add(_ text: [UInt8], instance: String = "replica-1", stream: LogStream = .stdout, at nanoseconds: Int64) {
    text.withUnsafeBytes { text in
      append(.init(text: text), instance: Array(instance.utf8), stream: stream, nanoseconds: nanoseconds)
    }
  }

  /// All that a fresh reader gets.
  func records(_ filter: LogFilter = LogFilter()) -> [LogRecord] {
    var cursor = LogCursor()
    var all: [LogRecord] = []
    while let batch = next(&cursor, filter) { all += batch.records }
    return all
  }

  func texts() -> [String] { records().map { String(decoding: $0.text, as: UTF8.self) } }

  /// What a query's reader gets.
  func answer(_ query: String, now: Int64 = 0) throws -> [String] {
    var (cursor, filter) = beginning(of: try LogQuery(query), nowNanoseconds: now)
    var all: [String] = []
    while let batch = next(&cursor, filter) { all += batch.records.map { String(decoding: $0.text, as: UTF8.self) } }
    return all
  }
}

extension LogLimits {
  static func small(segment: Int = 1024, pending: Int = 1 << 20, read: Int = 64 << 10) -> LogLimits {
    var limits = LogLimits()
    limits.segmentBytes = segment
    limits.lineBytes = 256
    limits.pendingBytes = pending
    limits.readBytes = read
    return limits
  }
}
