import Synchronization

/// Counts observations by size, so that quantiles can be estimated over time and over replicas.
package final class Histogram: MetricSeries {
  package static let kind = MetricKind.histogram

  /// Upper bounds in seconds that dashboards of OpenFaaS expect; +Inf is always there and not listed.
  package static let defaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  private final class Bucket: Sendable {
    let count = Atomic<UInt64>(0)
  }

  private let bounds: [Double]
  /// One more than bounds: the last one takes what exceeds them all.
  private let buckets: [Bucket]
  private let total = AtomicDouble()

  /// Bounds are sorted, doubles and what is not finite left out.
  package init(bounds: [Double] = Histogram.defaultBounds) {
    self.bounds = Set(bounds.filter(\.isFinite)).sorted()
    buckets = (0...self.bounds.count).map { _ in Bucket() }
  }

  /// A value that is not a number is left out: it would make the sum useless for ever.
  package func observe(_ value: Double) {
    if value.isNaN { return }
    let index = bounds.firstIndex { value <= $0 } ?? bounds.count
    buckets[index].count.wrappingAdd(1, ordering: .relaxed)
    total.add(value)
  }

  package var count: UInt64 { buckets.reduce(0) { $0 &+ $1.count.load(ordering: .relaxed) } }

  package var sum: Double { total.value }

  package func write(name: String, labels: [UInt8], into text: inout MetricsText) {
    var cumulative: UInt64 = 0
    let separator = labels.isEmpty ? [] : [UInt8(ascii: ",")]
    for (index, bucket) in buckets.enumerated() {
      cumulative &+= bucket.count.load(ordering: .relaxed)
      let bound = MetricsText.number(index < bounds.count ? bounds[index] : .infinity)
      let bounded = labels + separator + Array("le=\"\(bound)\"".utf8)
      text.sample(name + "_bucket", labels: bounded, value: cumulative)
    }
    text.sample(name + "_sum", labels: labels, value: sum)
    // The count is the last bucket as just read, so that one page never contradicts itself.
    text.sample(name + "_count", labels: labels, value: cumulative)
  }
}
