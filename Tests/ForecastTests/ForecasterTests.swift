import Forecasting
import Glibc
import Testing

@Suite struct `A forecaster` {
  private static func run(
    _ values: [Double?], horizon: Int = 30, seasons: [Int] = [7], _ change: (inout Question) -> Void = { _ in }
  ) -> Outcome {
    var question = Question(values, horizon: horizon)
    question.seasons = seasons
    change(&question)
    return Forecaster(question).run()
  }

  @Test func `beats repeating the last season where there is more to know`() throws {
    let outcome = Self.run(Samples.weekly(200))
    let figures = try #require(outcome.backtest)
    #expect(figures.mase < figures.naiveMase)
    let expected = Samples.weekly(230).suffix(30)
    let misses = zip(outcome.steps, expected).map { abs($0.mean - $1) }
    #expect(Statistics.mean(misses) < 3, "\(misses)")
  }

  @Test func `forecasts across steps that are missing at the end, as from the last known value`() {
    let values = Samples.weekly(140)
    let gapped = Self.run(values + [nil, nil, nil, nil, nil], horizon: 20) {
      $0.capacity = Question.Capacity(limit: 150, isAbove: true)
    }
    let longer = Self.run(values, horizon: 25) { $0.capacity = Question.Capacity(limit: 150, isAbove: true) }
    #expect(gapped.steps == Array(longer.steps.dropFirst(5)))
    #expect(gapped.missing == [140, 141, 142, 143, 144])
    let reached = gapped.steps.firstIndex { $0.intervals[1].high >= 150 }
    #expect(gapped.saturation?.earliest == reached && reached != nil)
    #expect(gapped.warnings.contains { $0.contains("last 5 steps before the forecast") })
    #expect(!longer.warnings.contains { $0.contains("before the forecast") })
  }

  /// Falls to zero with swings in proportion, so that logarithms are taken, and goes on falling.
  private static let falling = (0..<100).map { (index: Int) -> Double in
    let noise = Double((index * 37 + index * index * 11) % 23) / 23 - 0.5
    return (100.5 - Double(index)) * (1 + 0.2 * noise)
  }

  @Test(arguments: [-1e9, nil]) func `has intervals with room where the mean falls to zero`(lowest: Double?) throws {
    let outcome = Self.run(Self.falling, horizon: 40, seasons: []) {
      $0.lowest = lowest
      $0.capacity = Question.Capacity(limit: 0, isAbove: false)
    }
    #expect(outcome.transform != "none")
    let last = try #require(outcome.steps.last)
    #expect(lowest == nil ? last.mean == 0 : last.mean < 0, "\(last)")
    for step in outcome.steps {
      for interval in step.intervals { #expect(interval.low <= step.mean && step.mean <= interval.high) }
    }
    // What the bounds leave of an amount that ought to be below zero is zero.
    #expect(lowest == nil || last.intervals[0].high > last.mean + 0.1, "\(last)")
    #expect(try #require(outcome.saturation).probability > 0.6)
  }

  @Test(arguments: [true, false]) func `is certain of a limit that nothing but one value meets`(isAbove: Bool) throws {
    let outcome = Self.run(Samples.weekly(100), horizon: 10) {
      if isAbove { $0.highest = 20 } else { $0.lowest = 900 }
      $0.capacity = Question.Capacity(limit: isAbove ? 20 : 900, isAbove: isAbove)
    }
    #expect(outcome.steps.allSatisfy { $0.intervals.allSatisfy { $0.low == $0.high } })
    #expect(try #require(outcome.saturation).probability == 1)
  }

  @Test func `follows a line across a gap at its end`() {
    let line = (0..<200).map { $0 < 190 ? Optional(Double($0)) : nil }
    let outcome = Self.run(line, horizon: 3, seasons: [])
    for (step, found) in outcome.steps.enumerated() {
      #expect(abs(found.mean - Double(200 + step)) < 2, "\(found)")
    }
    let constant = Self.run([5, 5, 5, 5, 5, 5, nil, nil], horizon: 3, seasons: [])
    #expect(constant.steps.map(\.mean) == [5, 5, 5])
  }

  @Test(arguments: [Samples.weekly(150), Samples.passengers, Samples.nile, Array(Samples.nile.prefix(9))])
  func `has intervals that grow with level and with each step`(values: [Double]) {
    let outcome = Self.run(values, horizon: 24, seasons: values.count > 100 ? [7, 12] : []) {
      $0.levels = [50, 80, 95, 99]
    }
    #expect(outcome.steps.count == 24)
    for step in outcome.steps {
      #expect(step.mean.isFinite)
      for (inner, outer) in zip(step.intervals, step.intervals.dropFirst()) {
        #expect(outer.low <= inner.low && inner.high <= outer.high)
      }
      #expect(step.intervals[0].low <= step.mean && step.mean <= step.intervals[0].high)
    }
    if outcome.transform == "none" {
      let widths = outcome.steps.map { $0.intervals[1].high - $0.intervals[1].low }
      #expect(zip(widths, widths.dropFirst()).allSatisfy { $1 >= $0 - 1e-9 * abs($0) }, "\(widths)")
    }
  }

  @Test func `stays within bounds`() {
    let falling = (0..<60).map { (index: Int) -> Double in 100 - 1.6 * Double(index) + Double(index % 3) }
    let outcome = Self.run(falling, horizon: 60, seasons: []) {
      $0.lowest = 5
      $0.highest = 90
    }
    for step in outcome.steps {
      for interval in step.intervals { #expect(interval.low >= 5 && interval.high <= 90) }
      #expect((5...90).contains(step.mean))
    }
  }

  @Test func `stays within bounds under a change, too, and meets no limit beyond them`() throws {
    let outcome = Self.run(Samples.weekly(120), horizon: 20) {
      $0.highest = 160
      $0.capacity = Question.Capacity(limit: 170, isAbove: true)
      $0.change = Question.Change(growth: 3, step: 0, from: 5)
    }
    let changed = try #require(outcome.changed)
    #expect(changed.steps.allSatisfy { $0.mean <= 160 && $0.intervals.allSatisfy { $0.high <= 160 } })
    #expect(changed.steps.last?.mean == 160)
    #expect(outcome.saturation?.probability == 0 && changed.saturation?.probability == 0)
    let constant = Self.run(Array(repeating: 9, count: 30)) { $0.highest = 7 }
    #expect(constant.steps.allSatisfy { $0.mean == 7 && $0.intervals[1].high == 7 })
  }

  @Test func `has intervals that lie in each other, however it rounds`() {
    // Doubling each step: under logarithms all errors are a rounding's.
    let values = (0..<40).map { Glibc.pow(2, Double($0)) }
    let levels = [10, 20, 30, 40, 50, 60, 80, 95]
    let outcome = Self.run(values, horizon: 30, seasons: []) { $0.levels = levels }
    for step in outcome.steps {
      let low = step.intervals.reversed().map(\.low) + [step.mean]
      let high = [step.mean] + step.intervals.map(\.high)
      #expect(low == low.sorted() && high == high.sorted(), "\(step)")
    }
  }

  @Test func `gives equal outcomes for equal questions`() {
    let values: [Double?] = Samples.weekly(220).enumerated().map { $0.offset % 31 == 5 ? nil : $0.element }
    let outcomes = (0..<2).map { _ in Self.run(values) }
    #expect(outcomes[0].steps == outcomes[1].steps)
    #expect(outcomes[0].work == outcomes[1].work)
  }

  @Test func `reports what it cleaned`() throws {
    var values: [Double?] = Samples.weekly(210, slope: 0)
    values[50] = 900
    values[77] = nil
    let outcome = Self.run(values)
    #expect(outcome.missing == [77])
    #expect(outcome.outliers.map(\.index) == [50])
    #expect(outcome.outliers.first.map { abs($0.replacement - 100) < 45 } == true)
    let shifted = Samples.weekly(240, slope: 0).enumerated().map { $0.offset < 150 ? $0.element : $0.element - 60 }
    let found = try #require(Self.run(shifted).shifts.first)
    #expect(abs(found.index - 150) <= 1)
    #expect(abs(found.change + 60) < 6)
  }

  @Test func `says when a limit is met, and how surely`() throws {
    let values = (0..<200).map { (index: Int) -> Double in
      let noise = Double((index * 7) % 5)
      return 20 + 0.25 * Double(index) + 0.2 * noise
    }
    // 90 is met at about step 280, 79 after the 200 known ones.
    let outcome = Self.run(values, horizon: 90, seasons: []) {
      $0.capacity = Question.Capacity(limit: 90, isAbove: true)
    }
    let saturation = try #require(outcome.saturation)
    let step = try #require(saturation.step)
    #expect((70...90).contains(step), "\(saturation)")
    #expect(try #require(saturation.earliest) <= step)
    #expect(saturation.latest.map { $0 >= step } ?? true)
    #expect(saturation.probability > 0.5)
    let far = Self.run(values, horizon: 30, seasons: []) { $0.capacity = Question.Capacity(limit: 90, isAbove: true) }
    #expect(try #require(far.saturation?.step) >= 30, "it is looked for after the horizon, too")
    #expect(try #require(far.saturation).probability < 0.1)
    let never = Self.run(values, horizon: 30, seasons: []) {
      $0.capacity = Question.Capacity(limit: -5, isAbove: false)
    }
    #expect(never.saturation?.step == nil)
  }

  @Test func `changes what was asked about, and only that`() throws {
    let outcome = Self.run(Samples.weekly(120)) { $0.change = Question.Change(growth: 1.5, step: 10, from: 7) }
    let changed = try #require(outcome.changed).steps
    for (index, pair) in zip(outcome.steps, changed).enumerated() {
      #expect(pair.1.mean == (index < 7 ? pair.0.mean : pair.0.mean * 1.5 + 10))
    }
  }

  @Test func `takes very many names for one cause, and says so`() {
    // A column for each would be 200 MB.
    let names = (0..<4_000).map { (name: "\($0)", steps: [3 * $0 % 6_000]) }
    var question = Question(Samples.weekly(6_000), horizon: 14)
    question.causes = KnownCauses(names)
    question.seasons = [7, 14, 28]
    let outcome = Forecaster(question, allowance: 0) { 0 }.run()
    #expect(outcome.warnings.contains { $0.contains("4000 causes are too many") }, "\(outcome.warnings)")
    question.causes = KnownCauses(Array(names.prefix(100)))
    let fewer = Forecaster(question, allowance: 0) { 0 }.run()
    #expect(!fewer.warnings.contains { $0.contains("are too many") }, "\(fewer.warnings)")
  }

  @Test func `learns what holidays do`() {
    var values = Samples.weekly(200, slope: 0)
    for step in [40, 90, 141, 185] { values[step] *= 0.4 }
    let causes = KnownCauses([("closed", [40, 90, 141, 185, 210])])
    let outcome = Self.run(values) { $0.causes = causes }
    let plain = Self.run(values)
    let usual = plain.steps[10].mean
    #expect(outcome.steps[10].mean < 0.6 * usual, "\(outcome.steps[10].mean) of \(usual)")
    #expect(abs(outcome.steps[11].mean / plain.steps[11].mean - 1) < 0.1)
  }

  @Test func `repeats what is constant, and says so`() {
    let outcome = Self.run(Array(repeating: 42, count: 60))
    #expect(outcome.steps.allSatisfy { $0.mean == 42 && $0.intervals.allSatisfy { $0.low == 42 && $0.high == 42 } })
    #expect(!outcome.warnings.isEmpty)
  }

  @Test(arguments: [1e99, 1e-200, -1e99]) func `is not led out of the finite by the size of values`(size: Double) {
    let outcome = Self.run(Samples.weekly(80).map { $0 * size })
    #expect(outcome.steps.count == 30)
    #expect(
      outcome.steps.allSatisfy { $0.mean.isFinite && $0.intervals.allSatisfy { $0.low.isFinite && $0.high.isFinite } })
  }

  @Test func `drops candidates when time is up, and names them`() {
    var question = Question(Samples.weekly(200), horizon: 14)
    question.seasons = [7]
    let outcome = Forecaster(question) { 1 }.run()
    #expect(outcome.steps.count == 14)
    // What costs next to nothing is always there.
    #expect(Set(outcome.members.map(\.model)).isSubset(of: ["seasonal-naive[7]", "drift"]))
    #expect(!outcome.dropped.contains("seasonal-naive[7]") && !outcome.dropped.contains("drift"))
    #expect(outcome.dropped.contains { $0.hasPrefix("ets") } && outcome.isDegraded, "\(outcome.dropped)")
  }

  @Test func `leaves half of the time to models, and says what it did not clean`() {
    var values: [Double?] = Samples.weekly(210, slope: 0)
    values[50] = 900
    values[77] = nil
    var question = Question(values, horizon: 14)
    question.seasons = [7]
    let whole = Forecaster(question).run()
    let early = Forecaster(question) { 0.49 }.run()
    #expect(early.steps == whole.steps && early.work == whole.work && !early.isDegraded)
    let late = Forecaster(question) { 0.51 }.run()
    #expect(late.dropped.isEmpty && late.isDegraded)
    #expect(late.outliers.isEmpty && late.missing == [77])
    #expect(late.warnings.contains { $0.contains("no time to clean") }, "\(late.warnings)")
    #expect(!whole.warnings.contains { $0.contains("no time to clean") })
  }

  @Test(arguments: [2, 9, 40]) func `gives up what it has begun when time is up, and says so`(looks: Int) {
    var question = Question(Samples.weekly(200), horizon: 14)
    question.seasons = [7]
    var count = 0
    let outcome = Forecaster(question) {
      count += 1
      return count > looks ? 1 : 0
    }.run()
    #expect(outcome.steps.count == 14 && outcome.steps.allSatisfy { $0.mean.isFinite })
    #expect(outcome.dropped.last == "neural-ar")
    let all = Forecaster(question).run()
    #expect(all.dropped.isEmpty)
    // Cleaning and models have a deadline each.
    #expect(count <= looks + 2, "it stops at once: \(count)")
  }

  @Test func `covers as often as it says, on series that nothing was chosen by`() throws {
    var random = RandomNumbers(seed: 11)
    var (inner, outer, count) = (0, 0, 0)
    for kind in 0..<24 {
      var level = 100.0
      let values = (0..<164).map { index -> Double in
        // A third each: noise about a week, a random walk, a trend.
        if kind % 3 == 1 { level += random.normal() }
        let season = kind % 3 == 0 ? Double([0, 4, 6, 5, 2, -8, -9][index % 7]) : 0
        return level + season + (kind % 3 == 2 ? 0.3 * Double(index) : 0) + random.normal()
      }
      let outcome = Self.run(Array(values.prefix(150)), horizon: 14)
      for (step, truth) in zip(outcome.steps, values.suffix(14)) {
        if step.intervals[0].low <= truth, truth <= step.intervals[0].high { inner += 1 }
        if step.intervals[1].low <= truth, truth <= step.intervals[1].high { outer += 1 }
        count += 1
      }
    }
    let shares = (inner: Double(inner) / Double(count), outer: Double(outer) / Double(count))
    #expect((0.7...0.9).contains(shares.inner) && (0.88...0.99).contains(shares.outer), "\(shares)")
  }

  @Test func `survives short and odd series of any kind`() {
    var random = RandomNumbers(seed: 3)
    for count in 4..<40 {
      for kind in 0..<4 {
        let values: [Double?] = (0..<count).map { index in
          switch kind {
          case 0: random.uniform() < 0.3 ? nil : random.normal()
          case 1: random.uniform() < 0.7 ? 0 : 5
          case 2: Double(index) * 1e6
          default: index % 2 == 0 ? 1 : -1
          }
        }
        guard values.contains(where: { $0 != nil }) else { continue }
        let outcome = Self.run(values, horizon: 12, seasons: [3, 12]) { $0.effort = .quick }
        #expect(outcome.steps.count == 12, "\(values)")
        #expect(outcome.steps.allSatisfy { $0.mean.isFinite && $0.intervals[1].high.isFinite }, "\(values)")
      }
    }
  }
}
