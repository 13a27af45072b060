internal import ImageModel

/// Looks for a cascade's object at every window of one scale.
struct WindowScan {
  private let cascade: PlacedCascade
  private let layout: PlaneLayout
  /// From this scale to the image that is searched.
  private let factor: Float
  private let windows: (width: Int, height: Int)
  /// So many of eight windows are quicker looked at one by one.
  private static let loneMaximum = 4

  /// Nil if the image is smaller than a window.
  init?(_ cascade: PlacedCascade, _ planes: borrowing IntegralPlanes, factor: Float) {
    self.cascade = cascade
    self.factor = factor
    layout = planes.layout
    windows = (planes.width - cascade.width + 1, planes.height - cascade.height + 1)
    guard windows.width > 0, windows.height > 0 else { return nil }
  }

  /// The boxes of all windows that pass, in the searched image.
  func run(_ planes: borrowing IntegralPlanes) -> [Box] {
    var found: [Box] = []
    let base = UnsafePointer(planes.base)
    let width = Int((Float(cascade.width) * factor).rounded(.toNearestOrEven))
    let height = Int((Float(cascade.height) * factor).rounded(.toNearestOrEven))
    cascade.trees.withUnsafeBufferPointer { trees in
      cascade.stages.withUnsafeBufferPointer { stages in
        guard let trees = trees.baseAddress, let stages = stages.baseAddress else { return }
        for y in stride(from: 0, to: windows.height, by: layout.step) {
          scanRow(base + y * layout.stride, trees, stages) { column in
            let x = (Float(column * layout.step) * factor).rounded(.toNearestOrEven)
            let top = (Float(y) * factor).rounded(.toNearestOrEven)
            found.append(Box(x: Int(x), y: Int(top), width: width, height: height))
          }
        }
      }
    }
    return found
  }

  /// Eight windows at a time. As in OpenCV, the neighbour of a window that fails the first stage is passed over.
  private func scanRow(
    _ row: UnsafePointer<Int32>, _ trees: UnsafePointer<PlacedCascade.Tree>,
    _ stages: UnsafePointer<Cascade.Stage>, _ pass: (Int) -> Void
  ) {
    let count = (windows.width + layout.step - 1) / layout.step
    var passesOver = false
    for column in stride(from: 0, to: count, by: 8) {
      let window = row + column
      let (norm, contrasted) = contrast(window)
      let inside = count - column >= 8 ? 0xFF : (1 << (count - column)) - 1
      let passed = bits(~sums(stages[0], trees, window, norm).isLess(Lanes(repeating: stages[0].threshold)))
      // What is flat is no object, but does not speak for its neighbour.
      let failed = contrasted & ~passed
      let fit = contrasted & passed & inside
      var alive = 0
      for lane in 0..<8 {
        if passesOver {
          passesOver = false
        } else if failed >> lane & 1 == 1 {
          passesOver = true
        } else if fit >> lane & 1 == 1 {
          alive |= 1 << lane
        }
      }
      guard alive != 0 else { continue }
      finish(alive, window, norm, trees, stages) { pass(column + $0) }
    }
  }

  /// The stages after the first: of all lanes while enough of them are alive, then of each alone.
  private func finish(
    _ alive: Int, _ window: UnsafePointer<Int32>, _ norm: Lanes, _ trees: UnsafePointer<PlacedCascade.Tree>,
    _ stages: UnsafePointer<Cascade.Stage>, _ pass: (Int) -> Void
  ) {
    var alive = alive
    var stage = 1
    let count = cascade.stages.count
    while alive.nonzeroBitCount > Self.loneMaximum {
      if stage == count { break }
      let failed = sums(stages[stage], trees, window, norm).isLess(Lanes(repeating: stages[stage].threshold))
      alive &= ~bits(failed)
      stage += 1
    }
    while alive != 0 {
      let lane = alive.trailingZeroBitCount
      alive &= alive - 1
      if passes(window + lane, norm[lane], trees, stages, from: stage, count: count) { pass(lane) }
    }
  }

  /// One over the standard deviation of each window times its area; and which of them are not flat.
  private func contrast(_ window: UnsafePointer<Int32>) -> (Lanes, Int) {
    let sum = corners(window, cascade.norm)
    let squares = corners(window + layout.plane, cascade.norm)
    let area = Double(cascade.normArea)
    let totals = SIMD8<Double>(sum)
    let variances = SIMD8<Double>(squares) * area - totals * totals
    let deviations = variances.squareRoot()
    var norm = Lanes(repeating: 1)
    var contrasted = 0
    // Windows whose standard deviation is 10 levels or less are not looked at; so does OpenCV.
    for lane in 0..<8 where variances[lane] > 0 {
      norm[lane] = Float(1 / deviations[lane])
      if area * Double(norm[lane]) < 0.1 { contrasted |= 1 << lane }
    }
    return (norm, contrasted)
  }

  @inline(__always) private func corners(_ window: UnsafePointer<Int32>, _ places: SIMD4<Int32>) -> SIMD8<Int32> {
    SIMD8(at: window, places[0]) &- SIMD8(at: window, places[1]) &- SIMD8(at: window, places[2])
      &+ SIMD8(at: window, places[3])
  }

  @inline(__always) private func value(_ node: PlacedCascade.Node, _ window: UnsafePointer<Int32>) -> Lanes {
    var value =
      corners(window, node.first).lanes * node.weights[0] + corners(window, node.second).lanes * node.weights[1]
    if node.hasThird { value += corners(window, node.third).lanes * node.weights[2] }
    return value
  }

  /// What a stage's trees say of eight windows.
  @inline(__always) private func sums(
    _ stage: Cascade.Stage, _ trees: UnsafePointer<PlacedCascade.Tree>, _ window: UnsafePointer<Int32>, _ norm: Lanes
  ) -> Lanes {
    var sum = Lanes.zero
    for index in stage.trees {
      let tree = trees + index
      let leaves = tree.pointee.leaves
      let lesser = (value(tree.pointee.root, window) * norm).isLess(Lanes(repeating: tree.pointee.root.threshold))
      if tree.pointee.hasSecond {
        let lesserOfSecond = (value(tree.pointee.second, window) * norm)
          .isLess(Lanes(repeating: tree.pointee.second.threshold))
        let inner = Lanes(repeating: leaves[1]).chosen(by: lesserOfSecond, otherwise: Lanes(repeating: leaves[2]))
        // Both have all bits or none: alike is all.
        let isLeaf = ~(lesser ^ SIMD8(repeating: tree.pointee.leafIsLesser))
        sum += Lanes(repeating: leaves[0]).chosen(by: isLeaf, otherwise: inner)
      } else {
        sum += Lanes(repeating: leaves[0]).chosen(by: lesser, otherwise: Lanes(repeating: leaves[1]))
      }
    }
    return sum
  }

  /// One bit for each lane that has bits.
  @inline(__always) private func bits(_ mask: SIMD8<Int32>) -> Int {
    Int((mask & SIMD8(1, 2, 4, 8, 16, 32, 64, 128)).wrappedSum())
  }
}
