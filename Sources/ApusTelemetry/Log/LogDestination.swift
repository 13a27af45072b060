import Glibc
import Synchronization

/// Where lines go, what they look like, and which are wanted; shared by every `Log` of a program.
package final class LogDestination: Sendable {
  package typealias Sink = @Sendable (UnsafeRawBufferPointer) -> Void

  /// One above the highest level: nothing is wanted.
  private static let off = UInt8.max

  private let threshold: Atomic<UInt8>
  private let format: LogFormat
  private let now: @Sendable () -> Timestamp
  private let sink: Sink

  /// Lines of `level` and above go to `sink`, one call a line, the newline included.
  package init(
    level: LogLevel?, format: LogFormat, now: @escaping @Sendable () -> Timestamp = { Timestamp.now() },
    sink: @escaping Sink = { StandardError.write($0) }
  ) {
    threshold = Atomic(level?.rawValue ?? LogDestination.off)
    self.format = format
    self.now = now
    self.sink = sink
  }

  /// Drops everything.
  package static let nowhere = LogDestination(level: nil, format: .json, sink: { _ in })

  /// The lowest level wanted, nil for none; may change while the program runs.
  package var level: LogLevel? {
    get { LogLevel(rawValue: threshold.load(ordering: .relaxed)) }
    set { threshold.store(newValue?.rawValue ?? LogDestination.off, ordering: .relaxed) }
  }

  /// One relaxed load: a level that is off costs no lock and no allocation.
  package func wants(_ level: LogLevel) -> Bool {
    level.rawValue >= threshold.load(ordering: .relaxed)
  }

  func write(_ level: LogLevel, _ message: String, _ fields: LogFields) {
    var line = LogLine()
    line.write(time: now(), level: level, message: message, fields: fields, format: format)
    line.bytes.withUnsafeBytes(sink)
  }
}
