import ApusModel
import ApusTelemetry

/// Tells the log and the metrics what becomes of replicas.
struct GatewayEvents: ReplicaEvents {
  let log: Log
  let metrics: GatewayMetrics

  func ready(_ replica: ReplicaKey, _ generation: Generation, after time: Duration, loadTime: Duration) {
    let seconds = time / .seconds(1)
    metrics.coldStarts.series([replica.function.qualified]).observe(seconds)
    log.info(
      "replica ready",
      [
        "replica": .string("\(replica)"), "generation": .integer(generation.stored), "seconds": Self.rounded(seconds),
        "loadSeconds": Self.rounded(loadTime / .seconds(1)),
      ])
  }

  /// To the microsecond: what is finer is the clock's noise.
  private static func rounded(_ seconds: Double) -> LogValue {
    .double((seconds * 1_000_000).rounded() / 1_000_000)
  }

  func exited(_ replica: ReplicaKey, _ exit: ReplicaExit) {
    var fields: LogFields = ["replica": .string("\(replica)"), "cause": .string(exit.cause)]
    if !exit.reference.isEmpty { fields["reference"] = .string(exit.reference) }
    // The lines of one that ended in order are in its function's log, and tell an operator nothing here.
    if !exit.isOrderly, !exit.lastLines.isEmpty { fields["last_lines"] = .string(exit.lastLines) }
    log.info("replica gone", fields)
  }

  func promoted(_ function: FunctionName, generation: Int) {
    log.info("new version serves", ["function": .string("\(function)")])
  }

  func rolloutFailed(_ function: FunctionName, generation: Int, _ exit: ReplicaExit) {
    log.error(
      "new version does not start; the one before serves on",
      ["function": .string("\(function)"), "cause": .string(exit.cause)])
  }
}
