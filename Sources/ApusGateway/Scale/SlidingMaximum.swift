import ApusIO

/// The greatest of the values recorded within a window that ends now.
///
/// Keeps only values that can still become the greatest, so at most as many as there are distinct values.
struct SlidingMaximum: Sendable {
  /// Ever smaller and ever later.
  private var steps: [(value: Int, at: Instant)] = []

  mutating func record(_ value: Int, at now: Instant, window: Duration) -> Int {
    while let last = steps.last, last.value <= value { steps.removeLast() }
    steps.append((value, now))
    let expired = steps.dropLast().prefix { now.since($0.at) >= window }.count
    steps.removeFirst(expired)
    return steps[0].value
  }
}
