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
        "replica": .string("\(replica)"), "generation": .integer(generation.stored), "seconds": .double(seconds),
        "loadSeconds": .double(loadTime / .seconds(1)),
      ])
  }

  func exited(_ replica: ReplicaKey, _ exit: ReplicaExit) {
    log.info("replica gone", ["replica": .string("\(replica)"), "cause": .string(exit.cause)])
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
