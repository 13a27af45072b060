/// Writes structured lines; a value, so that each call carries its own context fields.
///
///     log.info("replica ready", ["function": .string(name), "ms": 1.2])
package struct Log: Sendable {
  package let destination: LogDestination
  /// Stand in every line of this log, before the line's own.
  package let context: LogFields

  package init(_ destination: LogDestination, context: LogFields = [:]) {
    self.destination = destination
    self.context = context
  }

  /// Drops everything.
  package static let nowhere = Log(.nowhere)

  /// This log with more context: a call's id, say.
  package func with(_ fields: LogFields) -> Log {
    Log(destination, context: context.merging(fields))
  }

  package func wants(_ level: LogLevel) -> Bool { destination.wants(level) }

  // Message and fields are autoclosures: nothing is made when the level is off.

  package func log(
    _ level: LogLevel, _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]
  ) {
    guard destination.wants(level) else { return }
    destination.write(level, message(), context.merging(fields()))
  }

  package func trace(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
    log(.trace, message(), fields())
  }

  package func debug(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
    log(.debug, message(), fields())
  }

  package func info(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
    log(.info, message(), fields())
  }

  package func warning(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
    log(.warning, message(), fields())
  }

  package func error(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
    log(.error, message(), fields())
  }
}
