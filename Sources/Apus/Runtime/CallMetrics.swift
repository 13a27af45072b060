internal import ApusHTTP
internal import ApusIO
package import ApusTelemetry

/// The three series of the of-watchdog contract, with its names, labels and buckets.
package final class CallMetrics: Sendable {
  package let registry = Registry()
  private let total: MetricFamily<Counter>
  private let seconds: MetricFamily<Histogram>
  private let inFlight: Gauge

  package init() {
    total = registry.counters("http_requests_total", help: "total HTTP requests processed", labels: ["code", "method"])
    seconds = registry.histograms(
      "http_request_duration_seconds", help: "Seconds spent serving HTTP requests.", labels: ["code", "method"])
    inFlight = registry.gauge("http_requests_in_flight", help: "total HTTP requests in-flight")
    registry.add(ProcessMetrics())
  }

  func started() {
    inFlight.add(1)
  }

  func ended(_ status: Int, _ method: ApusHTTP.Method, _ duration: Duration) {
    inFlight.add(-1)
    let labels = [String(status), CallMetrics.label(method)]
    total.series(labels).increment()
    seconds.series(labels).observe(duration / .seconds(1))
  }

  /// A method of the caller's invention would be a series of its own, as many as the caller likes to send.
  private static func label(_ method: ApusHTTP.Method) -> String {
    if case .other = method { "unknown" } else { method.name.lowercased() }
  }
}
