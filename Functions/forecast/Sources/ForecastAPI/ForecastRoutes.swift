public import Apus
import Forecasting

/// The paths of the function.
public enum ForecastRoutes {
  /// All of them.
  public static let all = Routes()
    .on(.post, "/", asking(CSVOption.ofForecasts, forecast))
    .on(.post, "/backtest", asking(CSVOption.ofBacktests, backtest))
    .on(.post, "/anomalies", asking(CSVOption.ofAnomalies, anomalies))
    .on(
      .post, "/drift",
      telling { request, context in
        let asked = try await RequestReader.decode(DriftRequest.self, request, by: context.deadline).value
        return try .encode(try await offload { try asked.document() })
      }
    )
    .on(.get, "/openapi.json") { _ in
      Response(headers: ["Content-Type": "application/json"], body: Array(OpenAPI.document.utf8))
    }

  /// What is wrong with a request is said as JSON to those, too, who accept anything: programs read it.
  private static func telling(_ run: @escaping @Sendable (Request, Context) async throws -> Response) -> Handler {
    Handler { request, context in
      do { return try await run(request, context) } catch let late as TimeIsUp {
        return try Problem(.gatewayTimeout, "There was no time for this request", detail: late.description).response()
      } catch let problem as Problem {
        return try problem.response()
      }
    }
  }

  private typealias Answering = @Sendable (ForecastRequest, Request, Context) async throws -> Response

  /// Answers what is asked as JSON, or as CSV with such options: what is wrong with those goes by their names.
  private static func asking(_ options: [CSVOption], _ answer: @escaping Answering) -> Handler {
    telling { request, context in
      let asked = try await RequestReader.read(request, taking: options, by: context.deadline)
      do { return try await answer(asked, request, context) } catch var problem as Problem {
        if RequestReader.isCSV(request), let field = problem.members["field"] {
          problem.members["field"] = CSVQuery.name(of: field, in: request)
        }
        throw problem
      }
    }
  }

  private static func forecast(
    _ asked: ForecastRequest, _ request: Request, _ context: Context
  ) async throws -> Response {
    let time = SharedTime(asked, by: context.deadline)
    if let set = asked.seriesSet {
      guard asked.series == nil else {
        throw Problem.field("series_set", "Two answers to one question", "Send series or series_set, not both.")
      }
      return try await SetAnswer(set, time).response()
    }
    let answer = try await Self.answer(asked, time)
    if wantsDrawing(request) {
      let chart = Chart(request: answer.request, outcome: answer.outcome)
      return Response(headers: ["Content-Type": "image/svg+xml"], body: Array(chart.svg.utf8))
    }
    return try .encode(answer.document)
  }

  private static func backtest(
    _ asked: ForecastRequest, _ request: Request, _ context: Context
  ) async throws -> Response {
    return try .encode(try await answer(asked, SharedTime(asked, by: context.deadline)).folds)
  }

  private static func anomalies(
    _ asked: ForecastRequest, _ request: Request, _ context: Context
  ) async throws -> Response {
    let deadline = context.deadline
    let document = try await offload {
      let prepared = try PreparedRequest(asked)
      var series = prepared.series.shortened
      // It is one piece of work, whatever the effort.
      let time = ComputingTime(nil, reading: .zero, from: .now, deadline: deadline)
      let scan = try AnomalyScan(series.values, seasons: series.seasons, threshold: prepared.threshold) {
        time.spent(at: .now)
      }
      if !scan.ignored.isEmpty {
        series.warnings.append("There was no time for the seasons of \(scan.ignored) steps: they were not looked at.")
      }
      var document = Document.object([
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
      if !scan.ignored.isEmpty { document.add("degraded", .flag(true)) }
      return document
    }
    return try .encode(document)
  }

  /// `*/*` is no wish for a drawing.
  private static func wantsDrawing(_ request: Request) -> Bool {
    Accept(request.headers.values("Accept")).best(of: ["application/json", "image/svg+xml"]) == "image/svg+xml"
  }

  /// Works apart from the thread that answers calls, for as long as the effort allows and there is time.
  static func answer(_ asked: ForecastRequest, _ time: SharedTime) async throws -> ForecastAnswer {
    try await offload {
      let turn = try time.begin()
      defer { time.finish() }
      let prepared = try PreparedRequest(asked)
      try prepared.refuseStale()
      let computing = turn.computing(prepared.question.effort, from: .now)
      let outcome = Forecaster(prepared.question) { computing.spent(at: .now) }.run()
      let spent = computing.start.duration(to: .now)
      return ForecastAnswer(request: prepared, outcome: outcome, milliseconds: spent / .milliseconds(1))
    }
  }
}
