package import ApusModel
package import ApusTelemetry

/// The gateway's metrics; the first three are those of OpenFaaS, with its names, labels and help texts.
package final class GatewayMetrics: Sendable {
  package let registry = Registry()
  let seconds: MetricFamily<Histogram>
  let total: MetricFamily<Counter>
  let started: MetricFamily<Counter>
  let coldStarts: MetricFamily<Histogram>
  private let refused: MetricFamily<Counter>

  /// A start takes a millisecond or two, so the buckets begin below.
  private static let coldStartBounds = [0.001, 0.002, 0.003, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  package init() {
    seconds = registry.histograms(
      "gateway_functions_seconds", help: "Function time taken", labels: ["function_name", "code"])
    total = registry.counters(
      "gateway_function_invocation_total", help: "Function metrics", labels: ["function_name", "code"])
    started = registry.counters(
      "gateway_function_invocation_started", help: "The total number of function HTTP requests started.",
      labels: ["function_name"])
    coldStarts = registry.histograms(
      "apus_replica_start_seconds", help: "From the launch of a replica to its own word that it is ready.",
      labels: ["function_name"], bounds: Self.coldStartBounds)
    refused = registry.counters(
      "apus_requests_refused_total", help: "Requests that were malformed, too large or too slow to become a call.",
      labels: ["code"])
    registry.add(ProcessMetrics())
  }

  func refused(_ status: Int) {
    refused.series(String(status)).increment()
  }

  package func function(_ name: FunctionName) -> FunctionMetrics {
    FunctionMetrics(name.qualified, of: self)
  }

  func forget(_ name: String) {
    seconds.forget("function_name", name)
    total.forget("function_name", name)
    started.forget("function_name", name)
    coldStarts.forget("function_name", name)
  }
}
