package import ApusTelemetry

/// One line of a function's log, as read back.
package struct LogRecord: Sendable, Equatable {
  /// Counts the function's lines from 1, for ever; a gap means that lines are gone.
  package var sequence: UInt64
  package var time: Timestamp
  package var stream: LogStream
  /// The replica; empty for what the log says about itself.
  package var instance: String
  package var callID: String?
  /// Without its newline, as the function wrote it: any bytes.
  package var text: [UInt8]
  /// Bytes of the line that were beyond the limit and are not in `text`.
  package var bytesMissing: Int
  /// Written by the log itself, about lines that are gone.
  package var isNotice: Bool

  package init(
    sequence: UInt64, time: Timestamp, stream: LogStream, instance: String, callID: String? = nil, text: [UInt8],
    bytesMissing: Int = 0, isNotice: Bool = false
  ) {
    self.sequence = sequence
    self.time = time
    self.stream = stream
    self.instance = instance
    self.callID = callID
    self.text = text
    self.bytesMissing = bytesMissing
    self.isNotice = isNotice
  }

  /// As readers get it: repaired to UTF-8, with a mark where it was cut, and with its newline.
  package var readableText: String {
    let whole = String(decoding: text, as: UTF8.self)
    return bytesMissing > 0 ? "\(whole)…(\(bytesMissing) bytes more)\n" : whole + "\n"
  }
}

extension LogRecord {
  init(_ view: RecordView, sequence: UInt64) {
    self.sequence = sequence
    time = Timestamp(wallNanoseconds: view.nanoseconds)
    stream = view.stream
    instance = String(decoding: view.instance, as: UTF8.self)
    callID = view.callID.isEmpty ? nil : String(decoding: view.callID, as: UTF8.self)
    text = Array(view.text)
    bytesMissing = Int(view.bytesMissing)
    isNotice = view.isNotice
  }

  /// A line that says that `count` lines are gone, and why.
  static func skipped(_ count: UInt64, at sequence: UInt64, nanoseconds: Int64) -> LogRecord {
    let text = "[apus] \(count) \(count == 1 ? "line" : "lines") skipped: newer ones took their place on disk"
    return LogRecord(
      sequence: sequence, time: Timestamp(wallNanoseconds: nanoseconds), stream: .stderr, instance: "",
      text: Array(text.utf8), isNotice: true)
  }
}

extension Timestamp {
  init(wallNanoseconds: Int64) {
    let second: Int64 = 1_000_000_000
    let rest = wallNanoseconds % second
    let below = rest < 0
    self.init(
      seconds: wallNanoseconds / second - (below ? 1 : 0), nanoseconds: Int32(below ? rest + second : rest))
  }

  /// Held within what 64 bits can say: the years 1677 to 2262.
  var wallNanoseconds: Int64 {
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, carried) = scaled.addingReportingOverflow(Int64(nanoseconds))
    return carried ? .max : sum
  }
}
