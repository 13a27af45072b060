internal import ImageModel

/// Windows that passed lie around an object in numbers; alone they are mistakes. This makes one box of each number.
struct BoxGrouping {
  /// How far the sides of two boxes may lie apart, as a part of their size.
  private static let tolerance = 0.2

  /// Groups of more than `least` boxes, each as their mean and their count. As OpenCV's `groupRectangles`.
  static func groups(of boxes: [Box], least: Int) -> [(box: Box, count: Int)] {
    var grouping = BoxGrouping(boxes)
    grouping.unite()
    let means = grouping.means()
    let large = means.filter { $0.count > least }
    return large.enumerated().filter { index, group in
      !large.enumerated().contains { other, larger in other != index && isInside(group, larger) }
    }.map(\.element)
  }

  private let boxes: [Box]
  private var parents: [Int]

  private init(_ boxes: [Box]) {
    self.boxes = boxes
    parents = Array(boxes.indices)
  }

  private mutating func root(_ index: Int) -> Int {
    var index = index
    while parents[index] != index {
      parents[index] = parents[parents[index]]
      index = parents[index]
    }
    return index
  }

  /// Whatever is similar comes into one group, and what is similar to that, too.
  private mutating func unite() {
    // By the left side, so that only those are compared which can be similar at all.
    let order = boxes.indices.sorted { boxes[$0].x < boxes[$1].x }
    for (place, index) in order.enumerated() {
      let box = boxes[index]
      let reach = Self.tolerance * Double(box.width + box.height) / 2
      for other in order[(place + 1)...] {
        if Double(boxes[other].x - box.x) > reach { break }
        guard Self.areSimilar(box, boxes[other]) else { continue }
        let (first, second) = (root(index), root(other))
        if first != second { parents[max(first, second)] = min(first, second) }
      }
    }
  }

  private static func areSimilar(_ one: Box, _ other: Box) -> Bool {
    let reach = tolerance * Double(min(one.width, other.width) + min(one.height, other.height)) / 2
    return Double(abs(one.x - other.x)) <= reach && Double(abs(one.y - other.y)) <= reach
      && Double(abs(one.right - other.right)) <= reach && Double(abs(one.bottom - other.bottom)) <= reach
  }

  private mutating func means() -> [(box: Box, count: Int)] {
    var sums: [Int: (box: Box, count: Int)] = [:]
    for index in boxes.indices {
      let box = boxes[index]
      var sum = sums[root(index)] ?? (Box(x: 0, y: 0, width: 0, height: 0), 0)
      sum.box.x += box.x
      sum.box.y += box.y
      sum.box.width += box.width
      sum.box.height += box.height
      sum.count += 1
      sums[root(index)] = sum
    }
    return sums.sorted { $0.key < $1.key }.map { _, sum in
      // In single precision, as the model does: a half is rounded the same way.
      let share = 1 / Float(sum.count)
      func mean(_ total: Int) -> Int { Int((Float(total) * share).rounded(.toNearestOrEven)) }
      let box = Box(
        x: mean(sum.box.x), y: mean(sum.box.y), width: mean(sum.box.width), height: mean(sum.box.height))
      return (box, sum.count)
    }
  }

  /// A small group inside a larger one is a part of the object, an eye say.
  private static func isInside(_ group: (box: Box, count: Int), _ larger: (box: Box, count: Int)) -> Bool {
    let horizontal = Int((Double(larger.box.width) * tolerance).rounded(.toNearestOrEven))
    let vertical = Int((Double(larger.box.height) * tolerance).rounded(.toNearestOrEven))
    return group.box.x >= larger.box.x - horizontal && group.box.y >= larger.box.y - vertical
      && group.box.right <= larger.box.right + horizontal && group.box.bottom <= larger.box.bottom + vertical
      && (larger.count > max(3, group.count) || group.count < 3)
  }
}
