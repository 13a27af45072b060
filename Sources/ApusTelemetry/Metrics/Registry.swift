import Synchronization

/// All metrics of a program, and the page that shows them.
///
/// Names are written by programmers: a name or label that Prometheus would refuse, or one name used for two different
/// metrics, stops the program at its start.
package final class Registry: Sendable {
  /// More series than this in one metric cost memory here and in Prometheus, and nobody can read them.
  package static let seriesMaxDefault = 2_000

  private struct State {
    var sources: [any MetricSource] = []
    var families: [String: any MetricSource] = [:]
  }

  private let state = Mutex(State())
  private let overflows: MetricFamily<Counter>

  package init() {
    let uncounted = Counter()
    overflows = MetricFamily(
      name: "apus_metrics_overflow_total",
      help: "Look-ups of a series beyond the limit of its metric, put under other.",
      labelNames: ["metric"], seriesMax: Registry.seriesMaxDefault, overflowed: uncounted, make: { Counter() })
    add(overflows)
  }

  // MARK: Metrics with one series

  package func counter(_ name: String, help: String) -> Counter { counters(name, help: help, labels: []).series([]) }

  package func gauge(_ name: String, help: String) -> Gauge { gauges(name, help: help, labels: []).series([]) }

  package func histogram(
    _ name: String, help: String, bounds: [Double] = Histogram.defaultBounds
  ) -> Histogram {
    histograms(name, help: help, labels: [], bounds: bounds).series([])
  }

  // MARK: Metrics with labels

  package func counters(
    _ name: String, help: String, labels: [String], seriesMax: Int = seriesMaxDefault
  ) -> MetricFamily<Counter> {
    family(name, help, labels, seriesMax) { Counter() }
  }

  package func gauges(
    _ name: String, help: String, labels: [String], seriesMax: Int = seriesMaxDefault
  ) -> MetricFamily<Gauge> {
    family(name, help, labels, seriesMax) { Gauge() }
  }

  package func histograms(
    _ name: String, help: String, labels: [String], bounds: [Double] = Histogram.defaultBounds,
    seriesMax: Int = seriesMaxDefault
  ) -> MetricFamily<Histogram> {
    family(name, help, labels, seriesMax) { Histogram(bounds: bounds) }
  }

  private func family<Series>(
    _ name: String, _ help: String, _ labels: [String], _ seriesMax: Int, make: @escaping @Sendable () -> Series
  ) -> MetricFamily<Series> {
    precondition(Registry.isName(name, allowsColon: true), "\(name) is not a name of a metric")
    for label in labels {
      precondition(Registry.isName(label, allowsColon: false) && label != "le", "\(label) is not a name of a label")
    }
    // A metric without labels has one series and can't have too many.
    let overflowed = labels.isEmpty ? Counter() : overflows.series(name)
    return state.withLock { state in
      if let existing = state.families[name] {
        guard let same = existing as? MetricFamily<Series>, same.labelNames == labels else {
          preconditionFailure("the metric \(name) is there already, with another type or other labels")
        }
        return same
      }
      let family = MetricFamily(
        name: name, help: help, labelNames: labels, seriesMax: max(seriesMax, 1), overflowed: overflowed, make: make)
      state.families[name] = family
      state.sources.append(family)
      return family
    }
  }

  /// Data model of Prometheus: `[a-zA-Z_:][a-zA-Z0-9_:]*`; labels have no colon, and `__` is its own.
  private static func isName(_ name: String, allowsColon: Bool) -> Bool {
    guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
    if !allowsColon, name.hasPrefix("__") { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
      case UInt8(ascii: ":"): allowsColon
      default: false
      }
    }
  }

  // MARK: The page

  /// Adds what is measured only when the page is asked for.
  package func add(_ source: some MetricSource) {
    state.withLock { $0.sources.append(source) }
  }

  /// The whole page, in the order of registration. Series may change meanwhile; each line is whole.
  package func page() -> [UInt8] {
    let sources = state.withLock { $0.sources }
    var text = MetricsText()
    for source in sources { source.write(into: &text) }
    return text.bytes
  }
}
