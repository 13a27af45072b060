import ApusTelemetry
import Synchronization

/// One function's series, with the names and labels by which OpenFaaS' dashboards know them.
package final class FunctionMetrics: Sendable {
  private let name: String
  private let families: GatewayMetrics
  private let startedSeries: Counter
  /// The handles of one status, kept so that a call builds no label.
  private let recent = Mutex<[(status: Int, series: Series)]>([])

  private struct Series: Sendable {
    var total: Counter
    var seconds: Histogram
  }

  init(_ name: String, of families: GatewayMetrics) {
    self.name = name
    self.families = families
    startedSeries = families.started.series([name])
  }

  package func started() {
    startedSeries.increment()
  }

  package func ended(status: Int, after duration: Duration) {
    let series = series(status)
    series.total.increment()
    let (seconds, attoseconds) = duration.components
    series.seconds.observe(Double(seconds) + Double(attoseconds) / 1e18)
  }

  private func series(_ status: Int) -> Series {
    recent.withLock { recent in
      if let known = recent.first(where: { $0.status == status }) { return known.series }
      let labels = [name, String(status)]
      let series = Series(total: families.total.series(labels), seconds: families.seconds.series(labels))
      // A function has a handful of statuses; who answers with all of them pays a look-up.
      if recent.count < 16 { recent.append((status, series)) }
      return series
    }
  }

  /// The function was removed: its series go with it.
  package func forget() {
    families.forget(name)
  }
}
