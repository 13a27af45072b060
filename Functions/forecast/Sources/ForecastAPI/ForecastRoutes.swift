public import Apus
import Forecasting

/// The paths of the function.
public enum ForecastRoutes {
  /// All of them.
  public static let all = Routes()
    .on(.post, "/", telling { request, context in try await forecast(request, context) })
    .on(.post, "/backtest", telling { request, context in try await backtest(request, context) })
    .on(.post, "/anomalies", telling { request, _ in try await anomalies(request) })
    .on(
      .post, "/drift",
      telling { request, _ in
        let asked = try await RequestReader.decode(DriftRequest.self, request)
        return try .encode(try asked.document())
      }
    )
    .on(.get, "/openapi.json") { _ in
      Response(headers: ["Content-Type": "application/json"], body: Array(OpenAPI.document.utf8))
    }

  /// What is wrong with a request is said as JSON to those, too, who accept anything: programs read it.
  private static func telling(_ run: @escaping @Sendable (Request, Context) async throws -> Response) -> Handler {
    Handler { request, context in
      do { return try await run(request, context) } catch let problem as Problem { return try problem.response() }
    }
  }

  private static func forecast(_ request: Request, _ context: Context) async throws -> Response {
    let asked = try await RequestReader.read(request)
    if let set = asked.seriesSet {
      guard asked.series == nil else {
        throw Problem.field("series_set", "Two answers to one question", "Send series or series_set, not both.")
      }
      return try await SetAnswer(set, context.deadline).response()
    }
    let prepared = try await offload { try PreparedRequest(asked) }
    let answer = try await Self.answer(prepared, by: context.deadline)
    if wantsDrawing(request) {
      let chart = Chart(request: prepared, outcome: answer.outcome)
      return Response(headers: ["Content-Type": "image/svg+xml"], body: Array(chart.svg.utf8))
    }
    return try .encode(answer.document)
  }

  private static func backtest(_ request: Request, _ context: Context) async throws -> Response {
    let asked = try await RequestReader.read(request)
    let prepared = try await offload { try PreparedRequest(asked) }
    return try .encode(try await answer(prepared, by: context.deadline).folds)
  }

  private static func anomalies(_ request: Request) async throws -> Response {
    let asked = try await RequestReader.read(request)
    let prepared = try await offload { try PreparedRequest(asked) }
    let document = try await offload {
      let series = prepared.series.shortened
      let scan = AnomalyScan(series.values, seasons: series.seasons, threshold: prepared.threshold)
      return Document.object([
        (
          "anomalies",
          .list(
            scan.findings.map {
              .object([
                ("timestamp", series.pastStamp($0.index)), ("index", .integer(series.first + $0.index)),
                ("value", .number($0.value)), ("expected", .number($0.expected)), ("score", .number($0.score)),
              ])
            })
        ),
        (
          "level_shifts",
          .list(
            scan.shifts.map { .object([("timestamp", series.pastStamp($0.index)), ("change", .number($0.change))]) })
        ),
        ("threshold", .number(prepared.threshold)),
        ("warnings", .list(series.warnings.map(Document.text))),
      ])
    }
    return try .encode(document)
  }

  /// The media type is named; `*/*` is no wish for a drawing.
  private static func wantsDrawing(_ request: Request) -> Bool {
    request.headers.values("Accept").contains { value in
      value.split(separator: ",").contains { range in
        range.drop { $0 == " " }.lowercased().hasPrefix("image/svg+xml")
      }
    }
  }

  /// Works apart from the thread that answers calls, for as long as the effort allows and the call has.
  static func answer(_ prepared: PreparedRequest, by deadline: ContinuousClock.Instant) async throws -> ForecastAnswer {
    try await offload {
      try prepared.refuseStale()
      let clock = ContinuousClock()
      let start = clock.now
      // What is left of the call is also for reading, writing and whoever waits behind.
      let share = min(
        Duration.seconds(ForecastLimits.seconds(prepared.question.effort.rawValue)), start.duration(to: deadline) * 0.8)
      let end = start + share
      let outcome = Forecaster(prepared.question) { clock.now >= end }.run()
      let spent = start.duration(to: clock.now)
      let milliseconds =
        Double(spent.components.seconds) * 1e3 + Double(spent.components.attoseconds) / 1e15
      return ForecastAnswer(request: prepared, outcome: outcome, milliseconds: milliseconds)
    }
  }
}
