package import ObjectDetection

/// What a network has found, in pixels of what it sees.
package struct NetworkBox: Sendable, Equatable {
  package var kind: ObjectKind
  /// 0 to 1.
  package var score: Float
  package var left: Float
  package var top: Float
  package var right: Float
  package var bottom: Float

  package init(_ kind: ObjectKind, _ score: Float, left: Float, top: Float, right: Float, bottom: Float) {
    self.kind = kind
    self.score = score
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }

  /// What both cover, as a part of what they cover together.
  func overlap(_ other: NetworkBox) -> Float {
    let width = min(right, other.right) - max(left, other.left)
    let height = min(bottom, other.bottom) - max(top, other.top)
    guard width > 0, height > 0 else { return 0 }
    let common = width * height
    return common / (area + other.area - common)
  }

  private var area: Float { (right - left) * (bottom - top) }
}

extension [NetworkBox] {
  /// The surest ones, without those of the same kind that share more than `overlap` with a surer one.
  package func withoutLesser(
    overlap: Float, deadline: ContinuousClock.Instant
  ) throws(DetectionError) -> [NetworkBox] {
    var kept: [NetworkBox] = []
    // Of two that are as sure the first one, as it came.
    for (_, candidate) in enumerated().sorted(by: { ($1.1.score, $0.0) < ($0.1.score, $1.0) }) {
      if kept.count & 255 == 255, ContinuousClock.now > deadline { throw .tooSlow }
      if !kept.contains(where: { $0.kind == candidate.kind && $0.overlap(candidate) > overlap }) {
        kept.append(candidate)
      }
    }
    return kept
  }
}
