/// How far apart the steps of a series are.
package struct Frequency: Sendable, Equatable {
  package enum Unit: String, Sendable, CaseIterable {
    case minute = "min"
    case hour = "H"
    case day = "D"
    case businessDay = "B"
    case week = "W"
    case month = "M"
    case quarter = "Q"
    case year = "Y"
  }
  package let count: Int
  package let unit: Unit

  package init(_ count: Int, _ unit: Unit) {
    self.count = count
    self.unit = unit
  }

  /// `[n](min|H|D|B|W|M|Q|Y)`; nil for anything else.
  package init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let unit = Unit(rawValue: String(text.dropFirst(digits.count))) else { return nil }
    guard let count = digits.isEmpty ? 1 : Int(digits), (1...100_000).contains(count) else { return nil }
    self.init(count, unit)
  }

  package var name: String { (count == 1 ? "" : "\(count)") + unit.rawValue }

  /// Seconds of a step, where each has as many.
  package var seconds: Int? {
    switch unit {
    case .minute: 60 * count
    case .hour: 3_600 * count
    case .day, .businessDay, .week, .month, .quarter, .year: nil
    }
  }

  /// Months of a step, where it is a matter of months.
  var months: Int? {
    switch unit {
    case .month: count
    case .quarter: 3 * count
    case .year: 12 * count
    case .minute, .hour, .day, .businessDay, .week: nil
    }
  }

  /// The seasons that such steps usually have, in steps: day, week, year.
  package var usualSeasons: [Int] {
    let lengths: [Int]
    switch unit {
    case .minute: lengths = [1_440, 10_080]
    case .hour: lengths = [24, 168]
    case .day: lengths = [7, 365]
    case .businessDay: lengths = [5]
    case .week: lengths = [52]
    case .month: lengths = [12]
    case .quarter: lengths = [4]
    case .year: lengths = []
    }
    return lengths.filter { $0 % count == 0 && $0 / count > 1 }.map { $0 / count }
  }

  /// The step that most of the instants are apart; nil if that is none of those above.
  package init?(inferredFrom instants: [Instant]) {
    let sorted = instants.sorted()
    let gaps = zip(sorted.dropFirst(), sorted).map { $0.seconds - $1.seconds }.filter { $0 > 0 }.sorted()
    guard !gaps.isEmpty else { return nil }
    let median = gaps[gaps.count / 2]
    // Clocks that are asked every minute answer some seconds late: what is close to whole minutes is meant so.
    let minutes = (median + 30) / 60 * 60
    let gap = abs(median - minutes) * 50 <= median ? minutes : median
    let days = gap / 86_400
    switch (gap % 86_400, days) {
    case (_, 365...366): self.init(1, .year)
    case (_, 89...92): self.init(1, .quarter)
    case (_, 28...31): self.init(1, .month)
    case (0, 7): self.init(1, .week)
    case (0, 1):
      let weekdays = Set(sorted.map { CivilDate($0).weekday })
      self.init(1, weekdays.count == 5 && weekdays.isDisjoint(with: [5, 6]) ? .businessDay : .day)
    case (0, 2...): self.init(days, .day)
    default:
      if gap % 3_600 == 0 {
        self.init(gap / 3_600, .hour)
      } else if gap % 60 == 0 {
        self.init(gap / 60, .minute)
      } else {
        return nil
      }
    }
  }
}
