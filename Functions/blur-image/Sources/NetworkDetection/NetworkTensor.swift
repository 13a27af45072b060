/// What a network gives: numbers, and how they lie.
package struct NetworkTensor: Sendable, Equatable {
  package var shape: [Int]
  package var values: [Float]

  package init(shape: [Int], values: [Float]) {
    self.shape = shape
    self.values = values
  }

  /// Whether there is a value for each place, and at least one.
  var isWhole: Bool {
    var count = 1
    for side in shape {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: side)
      guard side > 0, !isTooLarge else { return false }
      count = product
    }
    return count == values.count
  }

  /// The shape without what is 1 at its front: exports differ in whether they have a batch.
  var inner: [Int] {
    var inner = shape[...]
    while inner.count > 2, inner.first == 1 { inner = inner.dropFirst() }
    return Array(inner)
  }

  /// For people, as "1 × 5 × 8400".
  var sides: String { shape.isEmpty ? "nothing" : shape.map { "\($0)" }.joined(separator: " × ") }
}
