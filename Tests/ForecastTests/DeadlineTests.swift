import ApusJSON
import ForecastAPI
import Forecasting
import Testing

@Suite struct `A deadline` {
  /// A clock by which time is up after so many looks; it counts them.
  private final class Clock {
    private(set) var looks = 0
    private let last: Int

    init(last: Int = .max) { self.last = last }

    var deadline: Deadline {
      Deadline {
        self.looks += 1
        return self.looks > self.last ? 1 : 0
      }
    }
  }

  private static let long = Samples.weekly(6_000)

  @Test func `looks at the clock every so often, and never again once it is past`() {
    let clock = Clock(last: 3)
    var deadline = clock.deadline
    var passed = 0
    while (try? deadline.pass(1_000)) != nil, passed < 1_000_000 { passed += 1 }
    #expect(clock.looks == 4 && deadline.isPast)
    // About half a millisecond between two looks.
    #expect((1_000...3_000).contains(passed), "\(passed)")
    for _ in 0..<10 { #expect(throws: TimeIsUp.self) { try deadline.pass(1) } }
    #expect(throws: TimeIsUp.self) { try deadline.check() }
    #expect(clock.looks == 4)
  }

  @Test func `lends half of what is left`() throws {
    var spent = 0.25
    var whole = Deadline { spent }
    var half = try whole.half()
    spent = 0.5
    try half.check()
    var quarter = try half.half()
    spent = 0.625
    #expect(throws: TimeIsUp.self) { try half.check() }
    #expect(throws: TimeIsUp.self) { try quarter.check() }
    try whole.check()
    // Up to a share of the whole there is enough for both.
    spent = 0.1
    var most = try whole.half(from: 0.75)
    spent = 0.74
    try most.check()
    spent = 0.75
    #expect(throws: TimeIsUp.self) { try most.check() }
    spent = 0.8
    var last = try whole.half(from: 0.75)
    spent = 0.91
    #expect(throws: TimeIsUp.self) { try last.check() }
    spent = 1
    #expect(throws: TimeIsUp.self) { try whole.half() }
  }

  @Test func `cuts a model that is too dear, and not the ones after it`() {
    // Nothing is cleaned where zeros are how demand comes, and of what is tried exponential smoothing takes nearly all.
    let values = Self.long.enumerated().map { $0.offset % 2 == 0 ? 0 : $0.element }
    var question = Question(values, horizon: 14)
    question.effort = .quick
    // Time is what looking at it takes.
    var looks = 0.0
    _ = Forecaster(question) {
      looks += 1
      return 0
    }.run()
    let all = looks
    looks = 0
    let outcome = Forecaster(question) {
      looks += 1
      return looks / all
    }.run()
    #expect(outcome.dropped == ["ets"])
  }

  @Test func `cuts nothing that is done in seven tenths of the time, however much of it one model takes`() {
    var question = Question(Self.long, horizon: 14)
    // Of what it does exponential smoothing takes nearly all.
    question.effort = .quick
    var looks = 0.0
    let whole = Forecaster(question) {
      looks += 1
      return 0
    }.run()
    let (all, bound) = (looks, looks / 0.69)
    looks = 0
    let outcome = Forecaster(question) {
      looks += 1
      return looks / bound
    }.run()
    #expect(!outcome.isDegraded && looks == all, "\(outcome.dropped) after \(looks) of \(all) looks")
    #expect(outcome.steps.map(\.mean) == whole.steps.map(\.mean))
  }

  @Test func `drops nothing that there was no work left for`() {
    var question = Question(Self.long, horizon: 14)
    // Enough that are instant to leave it at them.
    question.seasons = [7, 14, 28]
    let outcome = Forecaster(question, allowance: 0) { 1 }.run()
    #expect(outcome.dropped.isEmpty && outcome.members.count > 0, "\(outcome.dropped)")
    let other = Forecaster(question) { 1 }.run()
    #expect(!other.dropped.isEmpty)
  }

  @Test(arguments: [(nil as Int?, false), (70, true)])
  func `that cuts cleaning short speaks of gaps where there are any`(gap: Int?, speaks: Bool) {
    var values: [Double?] = Samples.weekly(200)
    if let gap { values[gap] = nil }
    let outcome = Forecaster(Question(values, horizon: 7)) { 1 }.run()
    let warning = outcome.warnings.first { $0.contains("no time to clean") }
    #expect(warning?.contains("gaps are bridged") == speaks && warning?.contains("outliers and level") == true)
  }

  @Test(arguments: [
    (ExponentialSmoothing() as any Model, [24]), (Theta(), [24]), (Theta(), [1_500]),
    (HarmonicRegression(trend: .line), [24, 168]), (HarmonicRegression(trend: .bent), [24, 168]),
    (Autoregression(), [24]), (SeasonallyAdjusted(Autoregression(isSeasonal: false)), [24, 168]),
    (NeuralAutoregression(), [24]),
  ]) func `is met within every model, however long a fit is`(model: any Model, seasons: [Int]) throws {
    var sample = Sample(Self.long, seasons: seasons)
    let clock = Clock()
    var work = Work(allowed: .max, deadline: clock.deadline)
    if model.usesParts { try sample.decompose(seasons, &work) }
    _ = try #require(try model.fit(sample, like: nil, &work))
    // Work is about nanoseconds: two milliseconds of it are the longest that nobody looks.
    #expect(clock.looks >= max(work.done / 2_000_000, 1), "\(clock.looks) looks in \(work.done)")
    for last in [0, clock.looks / 2, clock.looks - 1] {
      let cut = Clock(last: last)
      var work = Work(allowed: .max, deadline: cut.deadline)
      var sample = Sample(Self.long, seasons: seasons)
      #expect(throws: TimeIsUp.self) {
        if model.usesParts { try sample.decompose(seasons, &work) }
        _ = try model.fit(sample, like: nil, &work)
      }
      #expect(cut.looks == last + 1)
    }
  }

  @Test func `ends cleaning where it is, stage by stage`() {
    var values: [Double?] = Samples.weekly(400, slope: 0).enumerated().map {
      $0.offset < 250 ? $0.element : $0.element - 60
    }
    values[50] = 900
    values[77] = nil
    let whole = Clock()
    var deadline = whole.deadline
    let cleaned = CleanSeries(values, seasons: [7], &deadline)
    #expect(cleaned.unfinished == nil && cleaned.outliers.map(\.index) == [50] && cleaned.shifts.count == 1)
    var stages: [CleanSeries.Stage] = []
    for last in 0..<whole.looks {
      var deadline = Clock(last: last).deadline
      let series = CleanSeries(values, seasons: [7], &deadline)
      guard let stage = series.unfinished else { continue }
      if stages.last != stage { stages.append(stage) }
      #expect(series.values.count == 400 && series.values.allSatisfy(\.isFinite) && series.shifts.isEmpty)
      let (before, after) = (series.values[76], series.values[78])
      #expect((series.values[77] == before + (after - before) / 2) == (stage == .gaps))
      #expect(series.outliers.isEmpty == (stage != .levelShifts))
      #expect((series.values[50] == 900) == (stage != .levelShifts))
    }
    #expect(stages == [.gaps, .outliers, .levelShifts])
  }

  @Test(arguments: [(0.4, []), (0.6, [168]), (0.9, [24, 168])])
  func `leaves the longer seasons out of a search for anomalies, and says which`(spent: Double, ignored: [Int]) throws {
    var values: [Double?] = Samples.weekly(700, slope: 0)
    values[333] = 900
    let scan = try AnomalyScan(values, seasons: [24, 168], threshold: 8) { spent }
    #expect(scan.ignored == ignored)
    #expect(scan.findings.contains { $0.index == 333 })
    #expect(throws: TimeIsUp.self) { try AnomalyScan(values, seasons: [24, 168], threshold: 8) { 1 } }
    // Where there is one, nothing shorter comes after it that half of the time would be kept for.
    #expect(try AnomalyScan(values, seasons: [24], threshold: 8) { spent }.ignored == (spent < 0.8 ? [] : [24]))
  }

  private static let now = ContinuousClock.now

  @Test(arguments: [
    // Effort, milliseconds for reading, milliseconds left of the call: those that may be computed in.
    (Effort.quick as Effort?, 0, 60_000, 1_000), (.normal, 0, 60_000, 3_000), (.thorough, 0, 60_000, 12_000),
    (.normal, 0, 1_000, 800), (.normal, 1_000, 60_000, 2_000), (.normal, 9_000, 60_000, 1_500),
    (.normal, 2_500, 500, 400), (.normal, 0, 0, 0), (nil, 5_000, 60_000, 48_000),
  ]) func `is four fifths of what is left of the call, or the effort's time, of which reading counts`(
    effort: Effort?, reading: Int, left: Int, expected: Int
  ) {
    let time = ComputingTime(
      effort, reading: .milliseconds(reading), from: Self.now, deadline: Self.now + .milliseconds(left))
    #expect(time.start.duration(to: time.end) == .milliseconds(expected))
    #expect(time.spent(at: time.end) >= 1)
    #expect(time.spent(at: Self.now + .milliseconds(expected) / 2) == (expected > 0 ? 0.5 : 1))
  }

  @Test func `that is over already leaves an answer by the simplest models`() async throws {
    let body = "{\"series\":\(AskedFunction.list(Self.long)),\"seasonality\":[24,168,336],\"horizon\":5}"
    for path in ["/", "/backtest"] {
      let (status, answer, text) = try await AskedFunction.post(body, path, timeout: "1ms")
      #expect(status == 200, "\(text)")
      #expect(answer["degraded"] == true)
      #expect(answer["dropped"]?.arrayValue?.isEmpty == false)
      let warnings = answer["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
      #expect(warnings.contains { $0.contains("no time to clean") }, "\(warnings)")
    }
  }

  @Test func `that is over while a long request is read is a problem of the function's own`() async throws {
    func set(of count: Int, _ member: String) -> String {
      "{\"series_set\":{\((0..<count).map { "\"\($0)\":{\(member)}" }.joined(separator: ","))}}"
    }
    let long = AskedFunction.list(Samples.weekly(10_001))
    let dates = Array(repeating: "{\"date\":\"2024-05-01\"}", count: 2_000).joined(separator: ",")
    let steps = Array(repeating: "{\"mean\":1,\"lo80\":0,\"hi80\":2}", count: 4_000).joined(separator: ",")
    let requests = [
      ("{\"series\":\(long)}", "/", "application/json"), (set(of: 1, "\"series\":\(long)"), "/", "application/json"),
      ("{\"series\":[1,2,3,4],\"timestamps\":\(long)}", "/", "application/json"),
      // None of them is long, but all together are.
      (set(of: 100, "\"series\":\(AskedFunction.list(Samples.weekly(101)))"), "/", "application/json"),
      (set(of: 5, "\"holidays\":[\(dates)]"), "/", "application/json"),
      ("{\((0...10_000).map { "\"\($0)\":0" }.joined(separator: ","))}", "/", "application/json"),
      ("{\"answer\":{\"forecast\":[\(steps)]},\"observed\":[1]}", "/drift", "application/json"),
      ("load\n1\n2\n3\n4\n5\n", "/", "text/csv"),
    ]
    for (body, path, type) in requests {
      let (status, answer, text) = try await AskedFunction.post(body, path, type: type, timeout: "1ns")
      #expect(status == 504 && answer["status"] == 504, "\(text.prefix(300))")
      #expect(
        answer["title"] == "There was no time for this request" && answer["detail"] != nil, "\(text.prefix(300))")
    }
  }

  @Test(arguments: [
    // Milliseconds that were read and that are left of the call: whether too many are gone.
    (0, 300, false), (1_590, 400, false), (1_600, 400, true), (1_900, 100, true), (0, 0, true), (0, -1, true),
  ]) func `is no nearer for reading where the caller was slow`(reading: Int, left: Int, isLate: Bool) {
    var passed = true
    do throws(TimeIsUp) {
      try ReadingTime.check(.milliseconds(reading), at: Self.now, by: Self.now + .milliseconds(left))
    } catch { passed = false }
    #expect(passed != isLate)
  }

  @Test func `that is over already is a problem of each series of a set`() async throws {
    // Both together are read without a look at the clock.
    let member = "{\"series\":\(AskedFunction.list(Samples.weekly(4_000))),\"horizon\":5}"
    let body = "{\"series_set\":{\"a\":\(member),\"b\":\(member)}}"
    let (status, answer, text) = try await AskedFunction.post(body, timeout: "1ms")
    #expect(status == 504, "\(text.prefix(500))")
    for name in ["a", "b"] { #expect(answer["results"]?[name]?["status"] == 504, "\(text.prefix(500))") }
  }
}
