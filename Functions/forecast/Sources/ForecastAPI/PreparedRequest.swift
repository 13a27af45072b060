import Apus
import Forecasting

/// A request that can be answered: everything in it was checked.
struct PreparedRequest: Sendable {
  var series: PreparedSeries
  var question: Question
  let horizons: [Int]?
  let explains: Bool
  let isTimed: Bool
  let threshold: Double

  init(_ request: ForecastRequest) throws {
    var series = try PreparedSeries(request)
    horizons = request.horizons.map { Set($0.elements).sorted() }
    explains = request.explain ?? false
    isTimed = request.timing ?? true
    threshold = request.threshold ?? 4
    guard threshold.isFinite, threshold >= 1 else {
      throw Problem.field("threshold", "No such threshold", "Send a number of standard deviations from 1 on.")
    }
    let horizon = try Self.horizon(request)
    var question = Question(series.values, horizon: horizon)
    question.seasons = series.seasons
    question.levels = try Self.levels(request.levels?.elements)
    if let effort = request.effort {
      guard let effort = Effort(rawValue: effort) else {
        throw Problem.field("effort", "No such effort", "Send quick, normal or thorough.")
      }
      question.effort = effort
    }
    try Self.bound(request, &question, &series)
    question.causes = try Self.causes(request, &series, horizon)
    question.change = try Self.change(request.whatIf, series)
    if horizon > series.values.count {
      series.warnings.append("The horizon is longer than the history: what is far out is a guess.")
    }
    self.series = series
    self.question = question
  }

  /// What is missing at the end is forecast, too, and costs as much.
  func refuseStale() throws {
    let gap = question.values.reversed().prefix { $0 == nil }.count
    guard gap > ForecastLimits.horizon else { return }
    throw Problem.field(
      "series", "The newest values are missing",
      "The last \(gap) are: send at most \(ForecastLimits.horizon) after the last known one.")
  }

  private static func horizon(_ request: ForecastRequest) throws -> Int {
    let name = request.horizons == nil ? "horizon" : "horizons"
    let all = request.horizons?.elements ?? [request.horizon ?? 30]
    if request.horizon != nil, request.horizons != nil {
      throw Problem.field("horizons", "Two answers to one question", "Send horizon or horizons, not both.")
    }
    guard let longest = all.max() else {
      throw Problem.field("horizons", "No horizons", "Send 1 to \(ForecastLimits.horizons) of them.")
    }
    guard all.allSatisfy({ (1...ForecastLimits.horizon).contains($0) }) else {
      throw Problem.field(name, "No such horizon", "Send a number of steps from 1 to \(ForecastLimits.horizon).")
    }
    return longest
  }

  private static func levels(_ given: [Int]?) throws -> [Int] {
    guard let given else { return [80, 95] }
    guard !given.isEmpty, given.allSatisfy({ (1...99).contains($0) }) else {
      throw Problem.field(
        "levels", "No such levels", "Send 1 to \(ForecastLimits.levels) percentages from 1 to 99, such as [80, 95].")
    }
    return Set(given).sorted()
  }

  private static func bound(_ request: ForecastRequest, _ question: inout Question, _ series: inout PreparedSeries)
    throws
  {
    question.lowest = request.bounds?.min
    question.highest = request.bounds?.max
    let (low, high) = (question.lowest ?? -.greatestFiniteMagnitude, question.highest ?? .greatestFiniteMagnitude)
    guard low < high, low.isFinite, high.isFinite else {
      throw Problem.field("bounds", "The bounds leave nothing between them", "Send min below max.")
    }
    let outside = series.values.count { $0.map { $0 < low || $0 > high } ?? false }
    if outside > 0 {
      series.warnings.append("\(outside) values lie outside the bounds; the forecast stays within them.")
    }
    guard let capacity = request.capacity else { return }
    guard capacity.limit.isFinite, abs(capacity.limit) <= ForecastLimits.magnitude else {
      throw Problem.field("capacity.limit", "No such limit", "Send a number within ±1e100.")
    }
    guard ["above", "below"].contains(capacity.direction ?? "above") else {
      throw Problem.field("capacity.direction", "No such direction", "Send above or below.")
    }
    question.capacity = Question.Capacity(limit: capacity.limit, isAbove: capacity.direction != "below")
  }

  private static func causes(_ request: ForecastRequest, _ series: inout PreparedSeries, _ horizon: Int) throws
    -> KnownCauses
  {
    var steps: [(name: String, steps: [Int])] = []
    var places: [String: Int] = [:]
    var total = 0
    for (field, list) in [("holidays", request.holidays), ("events", request.events)] {
      guard let list = list?.elements, !list.isEmpty else { continue }
      guard let grid = series.grid else {
        series.warnings.append("Without timestamps nobody knows where the \(field) are: they are not used.")
        continue
      }
      for (index, cause) in list.enumerated() {
        guard let instant = Instant(cause.date) else {
          throw Problem.field("\(field)[\(index)].date", "A date can't be read", "Send it as 2024-12-25.")
        }
        let found = grid.steps(on: CivilDate(instant), count: series.values.count + horizon)
        total += found.count
        guard total <= ForecastLimits.causedSteps else {
          throw Problem.field(
            field, "Too many steps have a cause",
            "They act on \(ForecastLimits.causedSteps) steps and more: name each day once, or send longer steps.")
        }
        let name = cause.name ?? field
        if let place = places[name] {
          steps[place].steps += found
        } else {
          places[name] = steps.count
          steps.append((name, found))
        }
      }
    }
    // A date that was named twice acts once.
    let causes = KnownCauses(steps.map { ($0.name, Set($0.steps).sorted()) })
    let unseen = causes.steps.filter { !$0.steps.isEmpty && $0.steps.allSatisfy { $0 >= series.values.count } }
    if !unseen.isEmpty {
      let names = unseen.prefix(5).map(\.name).joined(separator: ", ")
      series.warnings.append("Not yet seen in the history, so taken for one like the others: \(names).")
    }
    return causes
  }

  private static func change(_ given: ForecastRequest.WhatIf?, _ series: PreparedSeries) throws -> Question.Change? {
    guard let given else { return nil }
    let growth = given.growth ?? 1
    guard growth.isFinite, growth > 0, growth <= 1e6 else {
      throw Problem.field("what_if.growth", "No such growth", "Send a factor above 0, such as 1.2 for a fifth more.")
    }
    let step = given.step ?? 0
    guard step.isFinite, abs(step) <= ForecastLimits.magnitude else {
      throw Problem.field("what_if.step", "No such step", "Send what is added to each value, within ±1e100.")
    }
    var from = 0
    switch given.from {
    case nil: break
    case .number(let number)?:
      guard number >= 1, number <= 1e6 else {
        throw Problem.field("what_if.from", "No such step", "Send a date, or a step of the forecast from 1 on.")
      }
      from = Int(number) - 1
    case .text(let text)?:
      guard let grid = series.grid, let instant = Instant(text) else {
        throw Problem.field("what_if.from", "No such date", "Send it as 2024-12-25, and timestamps with the series.")
      }
      from = max(0, grid.step(from: instant) - series.values.count)
    }
    return Question.Change(growth: growth, step: step, from: from)
  }
}
