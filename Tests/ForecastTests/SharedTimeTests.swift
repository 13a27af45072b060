import Apus
import ForecastAPI
import Forecasting
import Testing

@Suite struct `The time of a call for several series` {
  private static let now = ContinuousClock.now

  /// A set of which so many can be read, and one can't.
  private static func asked(_ count: Int, reading: Duration = .zero) throws -> ForecastRequest {
    let members = (0..<count).map { "\"\($0)\":{\"series\":[1,2,3,4]}" } + ["\"odd\":{\"series\":true}"]
    let text = "{\"series_set\":{\(members.joined(separator: ","))}}"
    var asked = try JSON().decode(ForecastRequest.self, from: Array(text.utf8))
    asked.reading = reading
    return asked
  }

  private static func milliseconds(_ instant: ContinuousClock.Instant) -> Double {
    (now.duration(to: instant) / .milliseconds(1)).rounded()
  }

  @Test(arguments: [
    // Milliseconds that reading took: those that each may compute.
    (0, 3_000), (1_000, 2_000), (9_000, 1_500),
  ]) func `counts the reading of all of them for each`(reading: Int, computing: Double) throws {
    let time = SharedTime(
      try Self.asked(2, reading: .milliseconds(reading)), by: Self.now + .seconds(60), from: Self.now)
    for _ in 0..<2 {
      let turn = try time.begin(at: Self.now)
      #expect(Self.milliseconds(turn.computing(.normal, from: Self.now).end) == computing)
      time.finish()
    }
    // Preparing a series is like reading it.
    let other = try SharedTime(try Self.asked(1), by: Self.now + .seconds(60), from: Self.now).begin(at: Self.now)
    #expect(Self.milliseconds(other.computing(.normal, from: Self.now + .seconds(1)).end) == 3_000)
  }

  /// Of 10 s a tenth is for writing; half of the rest is kept for the four of them, 1,125 ms for each.
  ///
  /// | at | begins | ends          | may go on until                                 |
  /// | -- | ------ | ------------- | ----------------------------------------------- |
  /// | 0  | first  |               | 9,000, less what is kept for three              |
  /// | 0  | second |               | 9,000, less what is kept for two                |
  /// | 8  | third  | first         | 8,667: its even part, two thirds of what is left |
  /// | 8  | fourth | second, third | the end                                         |
  @Test func `is kept in part for those that wait`() throws {
    let time = SharedTime(try Self.asked(4), by: Self.now + .seconds(10), from: Self.now)
    func begin(_ second: Int) throws -> Double {
      Self.milliseconds(try time.begin(at: Self.now + .seconds(second)).end)
    }
    #expect(try begin(0) == 5_625)
    #expect(try begin(0) == 6_750)
    time.finish()
    #expect(try begin(8) == 8_667)
    time.finish()
    time.finish()
    #expect(try begin(8) == 9_000)
  }

  @Test(arguments: [2, 10, 99]) func `is never taken whole by those that come first`(count: Int) throws {
    let time = SharedTime(try Self.asked(count), by: Self.now + .seconds(10), from: Self.now)
    var now = Self.now
    for _ in 0..<count {
      let turn = try time.begin(at: now)
      #expect(now.duration(to: turn.end) >= .milliseconds(4_499) / count)
      // It takes all that it may.
      now = turn.end
      time.finish()
    }
    #expect(Self.milliseconds(now) == 9_000)
  }

  /// Even parts are 22.5 ms; half of one would be too short.
  @Test func `is enough for each where it is enough for all`() throws {
    let time = SharedTime(try Self.asked(40), by: Self.now + .seconds(1), from: Self.now)
    var now = Self.now
    for _ in 0..<40 {
      let turn = try time.begin(at: now)
      #expect(now.duration(to: turn.end) > .milliseconds(20))
      now = turn.end
      time.finish()
    }
  }

  @Test func `is not given to a series that it is too short for`() throws {
    let time = SharedTime(try Self.asked(1), by: Self.now + .seconds(10), from: Self.now)
    let late = #expect(throws: Problem.self) { try time.begin(at: Self.now + .milliseconds(8_990)) }
    #expect(late?.status == .gatewayTimeout)
    // One alone has an answer, however simple.
    let alone = try JSON().decode(ForecastRequest.self, from: Array("{\"series\":[1,2,3,4]}".utf8))
    let turn = try SharedTime(alone, by: Self.now, from: Self.now).begin(at: Self.now)
    #expect(turn.computing(.quick, from: Self.now).spent(at: Self.now) == 1)
  }
}

@Suite struct `Reading a forecast's request` {
  @Test(arguments: [("{\"series\":[1,2,3,4]}", "application/json"), ("1\n2\n3\n4\n", "text/csv")])
  func `says how long it took`(body: String, type: String) async throws {
    let request = Request(.post, headers: ["Content-Type": type], body: Array(body.utf8))
    let asked = try await RequestReader.read(request, taking: CSVOption.ofForecasts, by: .now + .seconds(600))
    #expect(asked.reading > .zero)
  }
}
