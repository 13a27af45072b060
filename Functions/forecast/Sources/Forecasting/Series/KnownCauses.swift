/// What happens on known steps, such as holidays: past ones say how much, so that coming ones are expected.
package struct KnownCauses: Sendable, Equatable {
  /// The steps of each cause, in the history and in what is to be forecast; by name, in order of appearance.
  package let steps: [(name: String, steps: [Int])]
  /// The steps that have any cause, ascending.
  let all: [Int]

  /// Of numbers in columns of causes: 32 MB of them, and more than a regression on so many would ever end in time.
  private static let cells = 4_000_000

  package init(_ steps: [(name: String, steps: [Int])]) {
    self.steps = steps
    let count = steps.reduce(0) { max($0, ($1.steps.max() ?? -1) + 1) }
    var isCaused = Array(repeating: false, count: count)
    for cause in steps {
      for step in cause.steps where step >= 0 { isCaused[step] = true }
    }
    all = isCaused.indices.filter { isCaused[$0] }
  }

  package static func == (left: KnownCauses, right: KnownCauses) -> Bool {
    left.steps.elementsEqual(right.steps) { $0.name == $1.name && $0.steps == $1.steps }
  }

  /// Without what lies before the step `first`, counted from there.
  package func dropping(_ first: Int) -> KnownCauses {
    KnownCauses(steps.map { ($0.name, $0.steps.filter { $0 >= first }.map { $0 - first }) })
  }

  package var isEmpty: Bool { steps.allSatisfy(\.steps.isEmpty) }

  /// Whether each cause can have a column of so many steps.
  func isFew(over count: Int) -> Bool { steps.count * count <= Self.cells }

  /// A column for all causes together, then one for each, unless they are too many.
  func columns(_ count: Int, _ deadline: inout Deadline) throws(TimeIsUp) -> [[Double]] {
    guard !isEmpty else { return [] }
    func column(_ steps: some Sequence<Int>) -> [Double] {
      var column = Array(repeating: 0.0, count: count)
      for step in steps where step >= 0 && step < count { column[step] = 1 }
      return column
    }
    var columns = [column(all)]
    for cause in steps where steps.count > 1 && isFew(over: count) {
      try deadline.pass(count)
      columns.append(column(cause.steps))
    }
    return columns
  }

  /// How much each step differs because of its cause: the mean of what the cause did before `origin`, drawn towards
  /// what all causes did, since most were seen once or twice.
  func effects(_ differences: [Double?], before origin: Int, count: Int) -> [Double] {
    var effects = Array(repeating: 0.0, count: count)
    let past = differences.prefix(origin)
    let seen = past.compactMap { $0 }
    guard !seen.isEmpty else { return effects }
    let common = Statistics.median(seen)
    for cause in steps {
      var (sum, times) = (0.0, 0.0)
      for step in cause.steps where past.indices.contains(step) {
        guard let difference = past[step] else { continue }
        sum += difference
        times += 1
      }
      let effect = (sum + 0.5 * common) / (times + 0.5)
      for step in cause.steps where step >= 0 && step < count { effects[step] = effect }
    }
    return effects
  }
}
