import Synchronization

/// Counts what happened; never goes down.
package final class Counter: MetricSeries {
  package static let kind = MetricKind.counter

  private let count = Atomic<UInt64>(0)

  package init() {}

  package func increment(by amount: UInt64 = 1) { count.wrappingAdd(amount, ordering: .relaxed) }

  package var value: UInt64 { count.load(ordering: .relaxed) }

  package func write(name: String, labels: [UInt8], into text: inout MetricsText) {
    text.sample(name, labels: labels, value: value)
  }
}
