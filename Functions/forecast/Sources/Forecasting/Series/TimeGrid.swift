/// The evenly spaced steps of a series, as a clock or a calendar has them.
package struct TimeGrid: Sendable {
  package let start: Instant
  package let frequency: Frequency
  /// Whether steps of months go from last day to last day.
  private var endsMonths = false
  /// How much later in the day than at the start it all begins where clocks are changed; 0 where they never are.
  private var shift = 0
  /// From which step on the clock on the wall is how far ahead of UTC, and how much later in the day it all begins;
  /// ascending, and empty where that always is as at the start.
  private var changes: [(step: Int, offset: Int, shift: Int)] = []

  package init(start: Instant, frequency: Frequency) {
    self.start = start
    self.frequency = frequency
  }

  /// Learns what the start does not tell: where clocks changed, and that days are the last of their month.
  package mutating func learn(from instants: [Instant]) {
    let isOfDays = frequency.seconds == nil
    let sorted = isOfDays ? instants.sorted { $0.local < $1.local } : instants.sorted()
    shift = isOfDays ? shift(explaining: sorted) : 0
    endsMonths = frequency.months != nil && sorted.allSatisfy { CivilDate(number: day(of: $0)).isLastOfMonth }
    changes = []
    var (offset, shift) = (start.offset, 0)
    for instant in sorted {
      let now = self.shift(of: instant)
      guard instant.offset != offset || now != shift else { continue }
      (offset, shift) = (instant.offset, now)
      changes.append((step(of: instant).step, offset, shift))
    }
  }

  /// What a change of clocks makes of a day's beginning where all is written in UTC, an hour or half of one, if that
  /// explains all instants: each begins as late in its day as the start or so much later, and has that day for itself.
  /// Otherwise they are times within a day, and 0.
  private func shift(explaining instants: [Instant]) -> Int {
    let shift = instants.lazy.map(later).first { $0 != 0 } ?? 0
    guard [1_800, 3_600].contains(abs(shift)), instants.allSatisfy({ [0, shift].contains(later($0)) }) else { return 0 }
    func day(_ instant: Instant) -> Int { floorDivide(instant.local - later(instant), 86_400) }
    let isShared = zip(instants.dropFirst(), instants).contains { $0.local != $1.local && day($0) == day($1) }
    return isShared ? 0 : shift
  }

  /// How much later in its day an instant is than the start, or earlier: at most half a day.
  private func later(_ instant: Instant) -> Int {
    let later = instant.local - start.local
    return later - floorDivide(later + 43_200, 86_400) * 86_400
  }

  private func shift(of instant: Instant) -> Int {
    shift != 0 && later(instant) == shift ? shift : 0
  }

  /// The day that an instant counts for, as the start's clock has it.
  private func day(of instant: Instant) -> Int {
    floorDivide(instant.local - shift(of: instant), 86_400)
  }

  /// The instant of a step; days and what is longer go by the calendar of the start's place.
  package func instant(_ step: Int) -> Instant {
    let plain = steady(step)
    guard let change = change(before: step) else { return plain }
    // Days and what is longer begin at the same time on the wall, before the clock changed and after.
    let moved = frequency.seconds == nil ? change.offset - start.offset - change.shift : 0
    return Instant(seconds: plain.seconds - moved, offset: change.offset, hasTime: plain.hasTime)
  }

  /// The last change that is not after a step.
  private func change(before step: Int) -> (step: Int, offset: Int, shift: Int)? {
    var (low, high) = (0, changes.count)
    while low < high {
      let middle = (low + high) / 2
      if changes[middle].step <= step { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? changes[low - 1] : nil
  }

  private func steady(_ step: Int) -> Instant {
    if let seconds = frequency.seconds {
      return Instant(seconds: start.seconds + step * seconds, offset: start.offset, hasTime: true)
    }
    let date = CivilDate(start)
    let day: Int
    if let months = frequency.months {
      let other = date.adding(months: step * months)
      day = (endsMonths ? other.lastOfMonth : other).number
    } else if frequency.unit == .businessDay {
      let first = TimeGrid.businessDays(date.number)
      day = TimeGrid.day(ofBusinessDay: first + step * frequency.count)
    } else {
      day = date.number + step * frequency.count * (frequency.unit == .week ? 7 : 1)
    }
    return Instant(
      seconds: start.seconds + (day - date.number) * 86_400, offset: start.offset, hasTime: start.hasTime)
  }

  /// The step that one of the instants that were learnt from is nearest to, and how far off it is, in steps.
  package func step(of instant: Instant) -> (step: Int, distance: Double) {
    if let seconds = frequency.seconds {
      return nearest(Double(instant.seconds - start.seconds) / Double(seconds))
    }
    return step(ofDay: day(of: instant))
  }

  /// The step from which on something is that somebody dates: where clocks have changed, by the dates of the stamps.
  package func step(from instant: Instant) -> Int {
    guard frequency.seconds == nil else { return step(of: instant).step }
    let day = CivilDate(instant).number
    let step = step(ofDay: day).step
    return self.step(ofDay: day - CivilDate(self.instant(step)).number + CivilDate(steady(step)).number).step
  }

  private func step(ofDay day: Int) -> (step: Int, distance: Double) {
    let (from, to) = (CivilDate(start), CivilDate(number: day))
    if let months = frequency.months {
      // Any day of the month will do: some count by first days, some by last.
      return nearest(Double(to.monthNumber - from.monthNumber) / Double(months))
    }
    if frequency.unit == .businessDay {
      let days = TimeGrid.businessDays(day) - TimeGrid.businessDays(from.number)
      let isWeekend = to.weekday > 4
      let place = nearest(Double(days) / Double(frequency.count))
      return (place.step, isWeekend ? 0.5 : place.distance)
    }
    let unit = frequency.unit == .week ? 7 : 1
    return nearest(Double(day - from.number) / Double(unit * frequency.count))
  }

  private func nearest(_ place: Double) -> (step: Int, distance: Double) {
    let rounded = place.rounded()
    return (Int(rounded), abs(place - rounded))
  }

  /// The step that a day falls into, by the dates of the stamps: that of a shorter one, all of those within the day.
  package func steps(on date: CivilDate, count: Int) -> [Int] {
    guard count > 0 else { return [] }
    if let seconds = frequency.seconds {
      let first = (date.number * 86_400 - self.start.local + seconds - 1)
      let from = max(0, floorDivide(first, seconds))
      let to = floorDivide((date.number + 1) * 86_400 - self.start.local - 1, seconds)
      return from <= min(to, count - 1) ? Array(from...min(to, count - 1)) : []
    }
    if frequency.unit == .businessDay, date.weekday > 4 { return [] }
    // The last step that does not begin after the day.
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if CivilDate(instant(middle)).number <= date.number { low = middle + 1 } else { high = middle }
    }
    let isBeyond = low == count && CivilDate(instant(count)).number <= date.number
    return low > 0 && !isBeyond ? [low - 1] : []
  }

  /// Business days from the epoch's Monday before to a day; a weekend counts as its Friday.
  private static func businessDays(_ day: Int) -> Int {
    let monday = day + 3
    let week = floorDivide(monday, 7)
    return week * 5 + min(monday - week * 7, 4)
  }

  private static func day(ofBusinessDay number: Int) -> Int {
    let week = floorDivide(number, 5)
    return week * 7 + (number - week * 5) - 3
  }
}
