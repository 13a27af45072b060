import Forecasting
import Testing

@Suite struct `A calendar` {
  @Test(arguments: [
    ("2024-01-31", "M", 1, "2024-02-29"), ("2024-01-31", "M", 2, "2024-03-31"), ("2023-12-31", "Q", 1, "2024-03-31"),
    ("2024-02-29", "Y", 1, "2025-02-28"), ("2024-03-01", "B", 1, "2024-03-04"), ("2024-03-04", "B", 10, "2024-03-18"),
    ("2024-02-28", "D", 2, "2024-03-01"), ("2024-03-04", "2W", 1, "2024-03-18"), ("1970-01-01", "D", -1, "1969-12-31"),
    ("2024-03-04T23:00:00Z", "H", 2, "2024-03-05T01:00:00Z"),
    ("2024-03-04T00:00:00+02:00", "5min", 3, "2024-03-04T00:15:00+02:00"),
  ]) func `steps`(start: String, frequency: String, steps: Int, end: String) throws {
    let grid = TimeGrid(start: try #require(Instant(start)), frequency: try #require(Frequency(frequency)))
    #expect(grid.instant(steps).text == end)
    #expect(grid.step(of: grid.instant(steps)).step == steps)
  }

  @Test(arguments: [
    "2024-13-01", "2024-02-30", "2024-1-1", "yesterday", "", "2024-03-04T25:00", "2024-03-04T10:00+1", "2024-03-04x",
    "-024-01-01",
  ]) func `refuses what is no date`(text: String) {
    #expect(Instant(text) == nil)
  }

  @Test(arguments: ["", "X", "0D", "-1D", "5", "min5", "1000000H", "d"]) func `refuses what is no frequency`(
    text: String
  ) {
    #expect(Frequency(text) == nil)
  }

  @Test func `counts days as everyone does`() throws {
    #expect(try #require(CivilDate(year: 2000, month: 3, day: 1)).number == 11_017)
    #expect(try #require(CivilDate(year: 1970, month: 1, day: 1)).weekday == 3)
    for number in stride(from: -800_000, to: 800_000, by: 997) {
      let date = CivilDate(number: number)
      #expect(date.number == number)
    }
  }

  @Test(arguments: [
    (["2024-01-01", "2024-01-02", "2024-01-03"], "D"), (["2024-01-01", "2024-02-01", "2024-03-01"], "M"),
    (["2024-01-01T00:00Z", "2024-01-01T00:15Z", "2024-01-01T00:30Z"], "15min"),
    (["2024-01-01T00:00:01Z", "2024-01-01T00:05:00Z", "2024-01-01T00:10:02Z"], "5min"),
    (["2024-01-01T00:00:02Z", "2024-01-01T01:00:01Z", "2024-01-01T02:00:00Z"], "H"),
    (["2024-01-01", "2024-01-08", "2024-01-15"], "W"), (["2020-01-01", "2021-01-01", "2022-01-01"], "Y"),
    (
      ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05", "2024-01-08", "2024-01-09"], "B"
    ),
  ]) func `is inferred`(texts: [String], name: String) throws {
    let instants = try texts.map { try #require(Instant($0)) }
    #expect(Frequency(inferredFrom: instants)?.name == name)
  }

  @Test(arguments: [
    (["2023-09-30", "2023-12-31", "2024-03-31"], "Q", ["2024-06-30", "2024-09-30", "2024-12-31"]),
    (["2023-11-30", "2023-12-31", "2024-01-31"], "M", ["2024-02-29", "2024-03-31", "2024-04-30"]),
    (["2023-11-30", "2023-12-30", "2024-01-30"], "M", ["2024-02-29", "2024-03-30", "2024-04-30"]),
    (
      ["2024-03-29T00:00:00+01:00", "2024-03-31T00:00:00+01:00", "2024-04-01T00:00:00+02:00"], "D",
      ["2024-04-02T00:00:00+02:00", "2024-04-03T00:00:00+02:00"]
    ),
    // Midnights of London and of Berlin, written in UTC.
    (
      ["2024-03-30T00:00:00Z", "2024-03-31T00:00:00Z", "2024-03-31T23:00:00Z", "2024-04-01T23:00:00Z"], "D",
      ["2024-04-02T23:00:00Z", "2024-04-03T23:00:00Z"]
    ),
    (
      ["2024-10-25T22:00:00Z", "2024-10-26T22:00:00Z", "2024-10-27T23:00:00Z"], "D",
      ["2024-10-28T23:00:00Z", "2024-10-29T23:00:00Z"]
    ),
    (
      ["2024-10-25T23:00:00Z", "2024-10-26T23:00:00Z", "2024-10-28T00:00:00Z"], "D",
      ["2024-10-29T00:00:00Z", "2024-10-30T00:00:00Z"]
    ),
    (
      ["2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z", "2024-03-31T23:00:00Z"], "M",
      ["2024-04-30T23:00:00Z", "2024-05-31T23:00:00Z"]
    ),
    // Months of London from summer on begin on the last day of one, and then on the first.
    (
      [
        "2024-06-30T23:00:00Z", "2024-07-31T23:00:00Z", "2024-08-31T23:00:00Z", "2024-09-30T23:00:00Z",
        "2024-11-01T00:00:00Z",
      ], "M", ["2024-12-01T00:00:00Z", "2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z", "2025-03-01T00:00:00Z"]
    ),
    (
      ["2024-03-31T01:00:00+01:00", "2024-03-31T03:00:00+02:00"], "H",
      ["2024-03-31T04:00:00+02:00", "2024-03-31T05:00:00+02:00"]
    ),
  ]) func `goes on as the instants did`(texts: [String], frequency: String, next: [String]) throws {
    let instants = try texts.map { try #require(Instant($0)) }
    var grid = TimeGrid(start: instants[0], frequency: try #require(Frequency(frequency)))
    grid.learn(from: instants)
    let last = try #require(instants.last.map { grid.step(of: $0).step })
    #expect(next.indices.map { grid.instant(last + 1 + $0).text } == next)
    for (instant, text) in zip(instants, texts) { #expect(grid.instant(grid.step(of: instant).step).text == text) }
  }

  @Test(arguments: [(60, "D", 24), (30, "D", 48), (1, "D", 1_440), (720, "D", 2), (60, "M", 744)])
  func `counts the times of a day as that day, whatever their distance from its end`(
    minutes: Int, frequency: String, each: Int
  ) throws {
    let start = try #require(Instant("2024-01-01T00:00:00Z"))
    let instants = (0..<(2 * each)).map { Instant(seconds: start.seconds + $0 * minutes * 60) }
    var grid = TimeGrid(start: start, frequency: try #require(Frequency(frequency)))
    grid.learn(from: instants)
    let first = CivilDate(start)
    for instant in instants {
      let date = CivilDate(instant)
      let expected = frequency == "M" ? date.month - first.month : date.number - first.number
      #expect(grid.step(of: instant).step == expected, "\(instant.text)")
    }
    #expect(CivilDate(grid.instant(1)).text == (frequency == "M" ? "2024-02-01" : "2024-01-02"))
    #expect(grid.instant(1).local % 86_400 == 0)
  }

  @Test func `tells an hour around midnight from a change of clocks`() throws {
    let texts = ["2024-01-01T23:00:00Z", "2024-01-02T00:00:00Z", "2024-01-02T23:00:00Z", "2024-01-03T00:00:00Z"]
    let instants = try texts.map { try #require(Instant($0)) }
    var grid = TimeGrid(start: instants[0], frequency: Frequency(1, .day))
    grid.learn(from: instants)
    #expect(instants.map { grid.step(of: $0).step } == [0, 1, 1, 2])
  }

  @Test(arguments: [
    // Once London's clocks went back, days begin at midnight in UTC; a longer step is the one that a day falls into.
    (["2024-09-01T23:00:00Z", "2024-10-26T23:00:00Z", "2024-10-28T00:00:00Z"], "D", "2024-12-25T00:00:00Z"),
    (["2024-10-13T23:00:00Z", "2024-10-20T23:00:00Z", "2024-10-28T00:00:00Z"], "W", "2024-12-23T00:00:00Z"),
    (["2024-08-31T23:00:00Z", "2024-09-30T23:00:00Z", "2024-11-01T00:00:00Z"], "M", "2024-12-01T00:00:00Z"),
    (["2024-10-22T23:00:00Z", "2024-10-24T23:00:00Z", "2024-10-29T00:00:00Z"], "2D", "2024-12-24T00:00:00Z"),
    (["2024-03-30T00:00:00Z", "2024-03-31T00:00:00Z", "2024-03-31T23:00:00Z"], "D", "2024-12-25T23:00:00Z"),
    (["2024-03-30T00:00:00+01:00", "2024-04-01T00:00:00+02:00"], "D", "2024-12-25T00:00:00+02:00"),
  ]) func `finds a day among its stamps after clocks have changed`(
    texts: [String], frequency: String, stamp: String
  ) throws {
    let instants = try texts.map { try #require(Instant($0)) }
    var grid = TimeGrid(start: instants[0], frequency: try #require(Frequency(frequency)))
    grid.learn(from: instants)
    let steps = grid.steps(on: try #require(CivilDate(year: 2024, month: 12, day: 25)), count: 300)
    #expect(steps.map { grid.instant($0).text } == [stamp])
  }

  @Test func `finds its way through clocks that always change`() throws {
    let start = try #require(Instant("1900-01-01T00:00:00+01:00"))
    var grid = TimeGrid(start: start, frequency: Frequency(1, .day))
    let count = 100_000
    let instants = (0..<count).map { day in
      let offset = day % 2 == 0 ? 3_600 : 7_200
      return Instant(seconds: start.local + day * 86_400 - offset, offset: offset)
    }
    grid.learn(from: instants)
    let began = ContinuousClock.now
    #expect(instants.indices.allSatisfy { grid.instant($0).seconds == instants[$0].seconds })
    // Some milliseconds; with a look at each change before, it would be many seconds.
    #expect(began.duration(to: .now) < .seconds(2))
  }

  @Test func `knows the steps of a day`() throws {
    let hours = TimeGrid(start: try #require(Instant("2024-03-04T22:00:00Z")), frequency: Frequency(1, .hour))
    let day = try #require(CivilDate(year: 2024, month: 3, day: 5))
    #expect(hours.steps(on: day, count: 100) == Array(2...25))
    let weeks = TimeGrid(start: try #require(Instant("2024-03-04")), frequency: Frequency(1, .week))
    #expect(weeks.steps(on: try #require(CivilDate(year: 2024, month: 3, day: 14)), count: 10) == [1])
    #expect(weeks.steps(on: try #require(CivilDate(year: 2030, month: 3, day: 14)), count: 10) == [])
  }
}
