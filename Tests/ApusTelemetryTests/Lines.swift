import ApusTelemetry
import Synchronization

/// Collects what a log writes, one element for each call of the sink.
final class Lines: Sendable {
  private let written = Mutex<[String]>([])

  var all: [String] { written.withLock { $0 } }

  func log(
    level: LogLevel? = .trace, format: LogFormat = .json, at time: Timestamp = Timestamp(seconds: 0, nanoseconds: 7)
  ) -> Log {
    Log(
      LogDestination(
        level: level, format: format, now: { time },
        sink: { [self] line in
          written.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }))
  }
}
