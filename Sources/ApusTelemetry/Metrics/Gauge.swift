/// Says how much there is of something now.
package final class Gauge: MetricSeries {
  package static let kind = MetricKind.gauge

  private let amount = AtomicDouble()

  package init() {}

  package func set(_ value: Double) { amount.store(value) }

  package func add(_ difference: Double) { amount.add(difference) }

  package func increment() { amount.add(1) }

  package func decrement() { amount.add(-1) }

  package var value: Double { amount.value }

  package func write(name: String, labels: [UInt8], into text: inout MetricsText) {
    text.sample(name, labels: labels, value: value)
  }
}
