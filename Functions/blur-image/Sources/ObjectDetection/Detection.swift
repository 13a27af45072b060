package import ImageModel

/// One object that a detector found.
package struct Detection: Sendable, Equatable {
  package var kind: ObjectKind
  package var box: Box
  /// How sure the detector is: of a cascade the number of windows that agree, of a network 0 to 1.
  package var score: Double

  package init(kind: ObjectKind, box: Box, score: Double) {
    self.kind = kind
    self.box = box
    self.score = score
  }
}

extension [Detection] {
  /// Without those that cover a better one of their kind by more than `overlap`, or are a part of it. What contains a
  /// better one stays: of the rest of it nobody else knows.
  package func withoutDoubles(
    overlap: Double, deadline: ContinuousClock.Instant
  ) throws(DetectionError) -> [Detection] {
    var kept: [Detection] = []
    for candidate in sorted(by: { $0.score > $1.score }) {
      if ContinuousClock.now > deadline { throw .tooSlow }
      let isDouble = kept.contains { other in
        other.kind == candidate.kind
          && (other.box.overlap(candidate.box) > overlap
            || other.box.intersection(candidate.box).area * 10 > candidate.box.area * 8)
      }
      if !isDouble { kept.append(candidate) }
    }
    return kept
  }
}
