package import ApusHTTP
internal import ApusIO
package import ApusTelemetry
internal import Synchronization

/// The three series of the of-watchdog contract, with its names, labels and buckets, and what never became a call.
package final class CallMetrics: Sendable {
  package let registry = Registry()
  private let total: MetricFamily<Counter>
  private let seconds: MetricFamily<Histogram>
  private let inFlight: Gauge
  private let refused: MetricFamily<Counter>

  package init() {
    total = registry.counters("http_requests_total", help: "total HTTP requests processed", labels: ["code", "method"])
    seconds = registry.histograms(
      "http_request_duration_seconds", help: "Seconds spent serving HTTP requests.", labels: ["code", "method"])
    inFlight = registry.gauge("http_requests_in_flight", help: "total HTTP requests in-flight")
    refused = registry.counters(
      "http_requests_refused_total", help: "Requests that were malformed, too large or too slow to become a call.",
      labels: ["code"])
    registry.add(ProcessMetrics())
  }

  package func refused(_ status: Int) {
    refused.series(String(status)).increment()
  }

  package func started() {
    inFlight.add(1)
  }

  package func ended(_ status: Int, _ method: ApusHTTP.Method, _ duration: Duration) {
    inFlight.add(-1)
    let series = series(status, method)
    series.total.increment()
    series.seconds.observe(Double(duration.nanosecondsClamped) / 1e9)
  }

  /// The handles of one status and method, kept so that a call builds no label.
  private struct Series: Sendable {
    var status: Int
    var method: ApusHTTP.Method
    var total: Counter
    var seconds: Histogram
  }
  private let recent = Mutex<[Series]>([])
  /// Statuses times methods of an ordinary function stay below; others cost a look-up.
  private static let kept = 16

  private func series(_ status: Int, _ method: ApusHTTP.Method) -> Series {
    let known = recent.withLock { $0.first { $0.status == status && $0.method == method } }
    if let known { return known }
    let labels = [String(status), CallMetrics.label(method)]
    let series = Series(
      status: status, method: method, total: total.series(labels), seconds: seconds.series(labels))
    recent.withLock { if $0.count < CallMetrics.kept { $0.append(series) } }
    return series
  }

  /// A method of the caller's invention would be a series of its own, as many as the caller likes to send.
  private static func label(_ method: ApusHTTP.Method) -> String {
    if case .other = method { "unknown" } else { method.name.lowercased() }
  }
}
