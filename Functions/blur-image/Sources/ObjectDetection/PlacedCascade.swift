/// A cascade with each rectangle's corners as places in memory: what is looked up for every window, side by side.
struct PlacedCascade: Sendable {
  /// The four corners of each rectangle, counted from the window's first pixel, and its weight.
  struct Node: Sendable, BitwiseCopyable {
    var first: SIMD4<Int32> = .zero
    var second: SIMD4<Int32> = .zero
    var third: SIMD4<Int32> = .zero
    var weights: SIMD4<Float> = .zero
    var threshold: Float = 0
    var hasThird = false
  }

  struct Tree: Sendable, BitwiseCopyable {
    var root: Node
    var second: Node
    var leaves: SIMD4<Float>
    /// All bits if the root's own leaf is on its lesser side, none if it is on the greater.
    var leafIsLesser: Int32
    var hasSecond: Bool
  }

  let width: Int
  let height: Int
  let stages: [Cascade.Stage]
  let trees: [Tree]
  /// The corners of the window without its outermost pixels, whose contrast all features are measured in.
  let norm: SIMD4<Int32>
  let normArea: Int
  let hasTilted: Bool

  init(_ cascade: Cascade, _ layout: PlaneLayout) {
    width = cascade.width
    height = cascade.height
    stages = cascade.stages
    hasTilted = cascade.hasTilted
    let placed = cascade.features.map { Self.place($0, layout) }
    trees = cascade.trees.map { tree in
      var root = placed[tree.root.feature]
      root.threshold = tree.root.threshold
      var second = Node()
      if let node = tree.second {
        second = placed[node.feature]
        second.threshold = node.threshold
      }
      return Tree(
        root: root, second: second, leaves: SIMD4(tree.leaves.0, tree.leaves.1, tree.leaves.2, 0),
        leafIsLesser: tree.leafIsLesser ? -1 : 0, hasSecond: tree.second != nil)
    }
    norm = Self.corners(1, 1, cascade.width - 2, cascade.height - 2, layout)
    normArea = (cascade.width - 2) * (cascade.height - 2)
  }

  private static func place(_ feature: Cascade.Feature, _ layout: PlaneLayout) -> Node {
    var node = Node()
    for (number, rectangle) in feature.rectangles.enumerated() {
      let (x, y) = (Int(rectangle.x), Int(rectangle.y))
      let (width, height) = (Int(rectangle.width), Int(rectangle.height))
      let corners =
        feature.isTilted
        ? tiltedCorners(x, y, width, height, layout) &+ Int32(2 * layout.plane)
        : corners(x, y, width, height, layout)
      switch number {
      case 0: node.first = corners
      case 1: node.second = corners
      default:
        node.third = corners
        node.hasThird = true
      }
      node.weights[number] = rectangle.weight
    }
    return node
  }

  /// A sum is the first less the second less the third plus the fourth.
  private static func corners(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ layout: PlaneLayout) -> SIMD4<Int32> {
    SIMD4(
      layout.place(x, y), layout.place(x + width, y), layout.place(x, y + height),
      layout.place(x + width, y + height))
  }

  /// Turned by 45 degrees: `width` goes right and down, `height` left and down.
  private static func tiltedCorners(
    _ x: Int, _ y: Int, _ width: Int, _ height: Int, _ layout: PlaneLayout
  ) -> SIMD4<Int32> {
    SIMD4(
      layout.place(x, y), layout.place(x - height, y + height), layout.place(x + width, y + width),
      layout.place(x + width - height, y + width + height))
  }
}
