/// What happens on known steps, such as holidays: past ones say how much, so that coming ones are expected.
package struct KnownCauses: Sendable, Equatable {
  /// The steps of each cause, in the history and in what is to be forecast; by name, in order of appearance.
  package let steps: [(name: String, steps: [Int])]

  package init(_ steps: [(name: String, steps: [Int])]) {
    self.steps = steps
  }

  package static func == (left: KnownCauses, right: KnownCauses) -> Bool {
    left.steps.elementsEqual(right.steps) { $0.name == $1.name && $0.steps == $1.steps }
  }

  /// Without what lies before the step `first`, counted from there.
  package func dropping(_ first: Int) -> KnownCauses {
    KnownCauses(steps.map { ($0.name, $0.steps.filter { $0 >= first }.map { $0 - first }) })
  }

  package var isEmpty: Bool { steps.allSatisfy(\.steps.isEmpty) }

  var all: Set<Int> { Set(steps.flatMap(\.steps)) }

  /// A column for all causes together, then one for each.
  func columns(_ count: Int, _ deadline: inout Deadline) throws(TimeIsUp) -> [[Double]] {
    guard !isEmpty else { return [] }
    func column(_ steps: some Sequence<Int>) -> [Double] {
      var column = Array(repeating: 0.0, count: count)
      for step in steps where step >= 0 && step < count { column[step] = 1 }
      return column
    }
    var columns = [column(all)]
    for cause in steps where steps.count > 1 {
      try deadline.pass(count)
      columns.append(column(cause.steps))
    }
    return columns
  }

  /// How much each step differs because of its cause: the mean of what the cause did before `origin`, drawn towards
  /// what all causes did, since most were seen once or twice.
  func effects(_ differences: [Int: Double], before origin: Int, count: Int) -> [Double] {
    var effects = Array(repeating: 0.0, count: count)
    let past = differences.filter { $0.key < origin }
    guard !past.isEmpty else { return effects }
    let common = Statistics.median(past.keys.sorted().compactMap { past[$0] })
    for cause in steps {
      let own = cause.steps.compactMap { past[$0] }
      let effect = (own.reduce(0, +) + 0.5 * common) / (Double(own.count) + 0.5)
      for step in cause.steps where step >= 0 && step < count { effects[step] = effect }
    }
    return effects
  }
}
