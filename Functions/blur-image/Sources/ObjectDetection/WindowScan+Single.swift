extension WindowScan {
  /// Whether one window passes the stages from `first` on.
  func passes(
    _ window: UnsafePointer<Int32>, _ norm: Float, _ trees: UnsafePointer<PlacedCascade.Tree>,
    _ stages: UnsafePointer<Cascade.Stage>, from first: Int, count: Int
  ) -> Bool {
    for number in first..<count {
      let stage = stages[number]
      var sum: Float = 0
      for index in stage.trees {
        let tree = trees + index
        let lesser = value(tree.pointee.root, window) * norm < tree.pointee.root.threshold
        if !tree.pointee.hasSecond {
          sum += lesser ? tree.pointee.leaves[0] : tree.pointee.leaves[1]
        } else {
          // Both nodes, although one may be enough: a guess that goes wrong half the time costs more than a node.
          let isLesser = value(tree.pointee.second, window) * norm < tree.pointee.second.threshold
          let isLeaf = lesser == (tree.pointee.leafIsLesser != 0)
          sum += tree.pointee.leaves[isLeaf ? 0 : isLesser ? 1 : 2]
        }
      }
      if sum < stage.threshold { return false }
    }
    return true
  }

  @inline(__always) private func sum(_ window: UnsafePointer<Int32>, _ places: SIMD4<Int32>) -> Float {
    Float(
      window[Int(places[0])] &- window[Int(places[1])] &- window[Int(places[2])] &+ window[Int(places[3])])
  }

  @inline(__always) private func value(_ node: PlacedCascade.Node, _ window: UnsafePointer<Int32>) -> Float {
    var value = sum(window, node.first) * node.weights[0] + sum(window, node.second) * node.weights[1]
    if node.hasThird { value += sum(window, node.third) * node.weights[2] }
    return value
  }
}
