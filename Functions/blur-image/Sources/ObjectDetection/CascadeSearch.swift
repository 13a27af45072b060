package import ImageModel
internal import Synchronization

/// Looks for objects of all sizes in one grey image. Several threads may work on it at once, each on a scale of its
/// own.
package final class CascadeSearch: Sendable {
  /// One kind of object to look for.
  package struct Target: Sendable {
    package var kind: ObjectKind
    package var cascade: Cascade
    /// Windows narrower than this, in pixels of the image, are left out.
    package var smallest: Int
    /// A group of windows has to have more than these.
    package var least: Int

    package init(_ kind: ObjectKind, _ cascade: Cascade, smallest: Int = 0, least: Int) {
      self.kind = kind
      self.cascade = cascade
      self.smallest = smallest
      self.least = least
    }
  }

  /// From one scale to the next.
  package static let stepDefault = 1.1
  /// Grouping compares them with each other. A photograph of a crowd has some thousand.
  package static let candidatesMaximum = 20_000

  private struct Level {
    var factor: Float
    var targets: [Int]
  }

  private let image: Raster
  private let targets: [Target]
  private let levels: [Level]
  /// For steps of two and of one; larger scales look at every pixel.
  private let layouts: (two: PlaneLayout, one: PlaneLayout)
  private let placed: (two: [PlacedCascade], one: [PlacedCascade])
  private let hasTilted: Bool
  private let next = Atomic<Int>(0)
  private let candidates: Mutex<[[Box]]>
  private let deadline: ContinuousClock.Instant

  /// From the scale 2 on, steps of one pixel are fine enough only if each is looked at.
  private static let fineFactor: Float = 2

  package init(
    _ image: Raster, _ targets: [Target], step: Double = stepDefault, deadline: ContinuousClock.Instant
  ) {
    precondition(image.channels == 1 && step > 1, "cascades look at grey images, at scales that grow")
    self.image = image
    self.targets = targets
    self.deadline = deadline
    levels = Self.levels(image, targets, step)
    let first = levels.first?.factor ?? 1
    let half = max(first, Self.fineFactor)
    layouts = (
      PlaneLayout(width: Self.scaled(image.width, first), height: Self.scaled(image.height, first), step: 2),
      PlaneLayout(width: Self.scaled(image.width, half), height: Self.scaled(image.height, half), step: 1)
    )
    let (two, one) = layouts
    placed = (targets.map { PlacedCascade($0.cascade, two) }, targets.map { PlacedCascade($0.cascade, one) })
    hasTilted = targets.contains { $0.cascade.hasTilted }
    candidates = Mutex(targets.map { _ in [] })
  }

  private static func scaled(_ length: Int, _ factor: Float) -> Int {
    Int((Float(length) / factor).rounded(.toNearestOrEven))
  }

  private static func levels(_ image: Raster, _ targets: [Target], _ step: Double) -> [Level] {
    var levels: [Level] = []
    var factor = 1.0
    while true {
      func window(_ length: Int) -> Int { Int((Double(length) * factor).rounded(.toNearestOrEven)) }
      let fitting = targets.indices.filter {
        window(targets[$0].cascade.width) <= image.width && window(targets[$0].cascade.height) <= image.height
      }
      guard !fitting.isEmpty else { return levels }
      let wanted = fitting.filter { window(targets[$0].cascade.width) >= targets[$0].smallest }
      if !wanted.isEmpty { levels.append(Level(factor: Float(factor), targets: wanted)) }
      factor *= step
    }
  }

  /// Takes scales until none is left. Returns when its own are done; others may still be at work.
  package func work() throws(DetectionError) {
    guard !levels.isEmpty else { return }
    var two = IntegralPlanes(layouts.two, hasTilted: hasTilted)
    var one = IntegralPlanes(layouts.one, hasTilted: hasTilted)
    while true {
      // The largest images come first, so that no thread is left with one at the end.
      let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard levels.indices.contains(number) else { return }
      if ContinuousClock.now > deadline { throw .tooSlow }
      let level = levels[number]
      if level.factor < Self.fineFactor {
        try search(level, &two, placed.two)
      } else {
        try search(level, &one, placed.one)
      }
    }
  }

  private func search(
    _ level: Level, _ planes: inout IntegralPlanes, _ cascades: [PlacedCascade]
  ) throws(DetectionError) {
    let scaled = image.resized(
      width: Self.scaled(image.width, level.factor), height: Self.scaled(image.height, level.factor))
    planes.fill(scaled, tilted: level.targets.contains { cascades[$0].hasTilted })
    for target in level.targets {
      guard let scan = WindowScan(cascades[target], planes, factor: level.factor) else { continue }
      let found = scan.run(planes)
      guard !found.isEmpty else { continue }
      let count = candidates.withLock {
        $0[target] += found
        return $0[target].count
      }
      if count > Self.candidatesMaximum { throw .tooManyCandidates(limit: Self.candidatesMaximum) }
    }
  }

  /// The windows that passed, before they are grouped; when all work is done.
  package func windows(ofTarget index: Int) -> [Box] { candidates.withLock { $0[index] } }

  /// What was found, when all work is done.
  package func detections() -> [Detection] {
    let all = candidates.withLock { $0 }
    return targets.indices.flatMap { index in
      // By place, since threads find them in any order.
      let boxes = all[index].sorted { ($0.y, $0.x, $0.width) < ($1.y, $1.x, $1.width) }
      return BoxGrouping.groups(of: boxes, least: targets[index].least).map {
        Detection(kind: targets[index].kind, box: $0.box, score: Double($0.count))
      }
    }
  }
}
