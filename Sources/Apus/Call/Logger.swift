internal import ApusTelemetry

/// Writes log lines to the standard error stream: readable on a terminal, JSON elsewhere.
public struct Logger: Sendable {
  let log: Log

  /// For what only its author wants to know. Not written unless `log_level` is `debug`.
  public func debug(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [String: String] = [:]) {
    log.debug(message(), Logger.fields(fields()))
  }

  /// For what is worth knowing afterwards.
  public func info(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [String: String] = [:]) {
    log.info(message(), Logger.fields(fields()))
  }

  /// For what went wrong without spoiling the answer.
  public func warning(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [String: String] = [:]) {
    log.warning(message(), Logger.fields(fields()))
  }

  /// For what went wrong and has to be looked at.
  public func error(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [String: String] = [:]) {
    log.error(message(), Logger.fields(fields()))
  }

  private static func fields(_ fields: [String: String]) -> LogFields {
    var all = LogFields()
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) { all[name] = .string(value) }
    return all
  }
}
