import Apus
import Forecasting

/// A series on evenly spaced steps, as far as the request says where they are.
struct PreparedSeries: Sendable {
  var values: [Double?]
  var grid: TimeGrid?
  var seasons: [Int]
  var warnings: [String] = []
  /// The grid's step of the first value.
  private(set) var first = 0

  init(_ request: ForecastRequest) throws {
    guard let series = request.series?.elements else {
      throw Problem.field(
        "series", "Nothing to forecast", "Send \"series\": a list of numbers, null where one is missing.")
    }
    for (index, value) in series.enumerated() {
      guard let value else { continue }
      guard value.isFinite, abs(value) <= ForecastLimits.magnitude else {
        throw Problem.field(
          "series[\(index)]", "A value is too large", "\(value) is beyond ±1e100: rescale the series, or send null.")
      }
    }
    values = series
    if request.skipped > 0 {
      warnings.append("\(request.skipped) earlier values were left out: the last \(series.count) are used.")
    }
    var frequency: Frequency?
    if let name = request.frequency {
      frequency = Frequency(name)
      if frequency == nil {
        throw Problem.field(
          "frequency", "Unknown frequency",
          "“\(name)” is none of [n]min, H, D, B, W, M, Q, Y, such as 5min or D. "
            + "The shortest step is a minute: resample what is shorter.")
      }
    }
    seasons = []
    try check()
    if let timestamps = request.timestamps?.elements { try align(timestamps, frequency) }
    // Several values of one step are one.
    try check()
    seasons = try Self.seasons(request, grid?.frequency ?? frequency, values)
    let long = seasons.filter { values.count < $0 + $0 / 20 + 1 }
    if request.seasonality != nil, !long.isEmpty {
      warnings.append("Seasons of \(long) steps are longer than the series and not used.")
    }
  }

  private func check() throws {
    let known = values.count { $0 != nil }
    guard known > 0 else {
      throw Problem.field("series", "All values are missing", "Send at least \(ForecastLimits.least) numbers.")
    }
    guard known >= ForecastLimits.least else {
      throw Problem.field(
        "series", "Too few values", "\(known) say nothing about what comes: send at least \(ForecastLimits.least).")
    }
  }

  private static func seasons(_ request: ForecastRequest, _ frequency: Frequency?, _ values: [Double?]) throws -> [Int]
  {
    if let given = request.seasonality?.values {
      guard given.allSatisfy({ (1...100_000).contains($0) }) else {
        throw Problem.field("seasonality", "No season has this length", "Send numbers of steps from 1 to 100000.")
      }
      return Set(given.filter { $0 > 1 }).sorted()
    }
    if let frequency { return frequency.usualSeasons }
    let known = values[...(values.lastIndex { $0 != nil } ?? 0)]
    return SeasonSearch.season(CleanSeries.joined(Array(known))).map { [$0] } ?? []
  }

  private static func instants(_ timestamps: [TimestampValue]) throws -> [Instant] {
    try timestamps.enumerated().map { index, stamp in
      let instant: Instant? =
        switch stamp {
        case .text(let text): Instant(text)
        case .number(let number): Instant(number: number)
        }
      guard let instant else {
        throw Problem.field(
          "timestamps[\(index)]", "A timestamp can't be read",
          "Send 2024-03-04, 2024-03-04T10:00:00Z with any distance from UTC, or Unix time.")
      }
      return instant
    }
  }

  private mutating func align(_ timestamps: [TimestampValue], _ given: Frequency?) throws {
    guard timestamps.count == values.count else {
      throw Problem.field(
        "timestamps", "Not as many timestamps as values",
        "\(timestamps.count) timestamps stand for \(values.count) values: send one for each.")
    }
    let instants = try Self.instants(timestamps)
    guard let earliest = instants.min() else { return }
    guard let frequency = given ?? Frequency(inferredFrom: instants) else {
      let sorted = instants.sorted()
      let gaps = zip(sorted.dropFirst(), sorted).map { $0.seconds - $1.seconds }.sorted()
      if gaps[gaps.count / 2] < 60, sorted.first != sorted.last {
        throw Problem.field(
          "timestamps", "The steps are shorter than a minute",
          "The shortest step is a minute: resample the series, such as to the mean of each minute.")
      }
      throw Problem.field(
        "timestamps", "The timestamps are irregular", "No step fits them: send \"frequency\", such as 5min, H or D.")
    }
    // Steps of days and longer go by what calendars show, where a later instant can have the earlier day.
    let first = frequency.seconds == nil ? instants.min { $0.local < $1.local } ?? earliest : earliest
    if zip(instants.dropFirst(), instants).contains(where: { $0 < $1 }) {
      warnings.append("The timestamps were not in order: the values were sorted.")
    }
    var grid = TimeGrid(start: first, frequency: frequency)
    grid.learn(from: instants)
    try place(instants, on: grid)
    self.grid = grid
  }

  private mutating func place(_ instants: [Instant], on grid: TimeGrid) throws {
    let places = instants.map(grid.step(of:))
    let off = places.indices.filter { places[$0].distance > 0.1 }
    guard off.count * 5 <= places.count else {
      throw Problem.field(
        "timestamps[\(off[0])]", "The timestamps are irregular",
        "\(off.count) of \(places.count) are not on steps of \(grid.frequency.name) from the first: resample them.")
    }
    let last = places.map(\.step).max() ?? 0
    guard last < 4 * max(places.count, 250) else {
      throw Problem.field(
        "timestamps", "More gaps than values",
        "\(places.count) values lie on \(last + 1) steps of \(grid.frequency.name): send a longer frequency.")
    }
    var sums = Array(repeating: 0.0, count: last + 1)
    var counts = Array(repeating: 0, count: last + 1)
    for (place, value) in zip(places, values) {
      guard let value else { continue }
      sums[place.step] += value
      counts[place.step] += 1
    }
    let doubled = counts.count { $0 > 1 }
    if doubled > 0 { warnings.append("\(doubled) steps had several values: their mean is used.") }
    if !off.isEmpty { warnings.append("\(off.count) timestamps were between two steps: the nearest one is used.") }
    let given = Set(places.map(\.step))
    let gaps = last + 1 - given.count
    if gaps > 0 { warnings.append("\(gaps) steps without a timestamp count as missing.") }
    values = zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : nil }
  }

  /// The end of a long series; what is left out is said.
  var shortened: PreparedSeries {
    let extra = values.count - ForecastLimits.scannedValues
    guard extra > 0 else { return self }
    var series = self
    series.values.removeFirst(extra)
    series.first = extra
    series.warnings.append(
      "Only the last \(series.values.count) values are looked at: the \(extra) before are too many.")
    return series
  }

  /// The step of the forecast as its reader knows it.
  func stamp(_ step: Int) -> Document {
    pastStamp(values.count + step)
  }

  /// The same for a step of the history.
  func pastStamp(_ index: Int) -> Document {
    grid.map { .text($0.instant(first + index).text) } ?? .integer(first + index)
  }
}
