import Apus
import ApusJSON
import ApusTesting
import ForecastAPI
import Testing

@Suite struct `Beside forecasts the function` {
  private let series = AskedFunction.list(Samples.weekly(150))

  @Test func `shows the folds of its backtest`() async throws {
    let (status, answer, text) = try await AskedFunction.post(
      "{\"series\":\(series),\"horizon\":10,\"seasonality\":7}", "/backtest")
    #expect(status == 200, "\(text)")
    let folds = try #require(answer["folds"]?.arrayValue)
    #expect(folds.count == 12)
    var origins: [Int64] = []
    for fold in folds {
      origins.append(try #require(fold["known"]?.integerValue))
      let forecast = try #require(fold["forecast"]?.numbers)
      let observed = try #require(fold["observed"]?.numbers)
      #expect(forecast.count == 10)
      let origin = Int(origins.last ?? 0)
      #expect(zip(observed, Samples.weekly(150)[origin..<(origin + 10)]).allSatisfy { abs($0 - $1) < 1e-9 })
      let error = zip(forecast, observed).reduce(0) { $0 + abs($1.0 - $1.1) } / 10
      #expect(abs(error - (fold["mae"]?.doubleValue ?? -1)) < 1e-9)
    }
    #expect(origins == origins.sorted() && origins.last == 140)
  }

  @Test func `finds anomalies`() async throws {
    var values = Samples.weekly(150)
    values[60] += 70
    values[111] -= 80
    let body = "{\"series\":\(AskedFunction.list(values)),\"timestamps\":\(AskedFunction.days(150)),\"threshold\":8}"
    let (status, answer, text) = try await AskedFunction.post(body, "/anomalies")
    #expect(status == 200, "\(text)")
    let found = answer["anomalies"]?.arrayValue ?? []
    #expect(found.compactMap { $0["index"]?.integerValue } == [60, 111], "\(text)")
    #expect(found.first?["timestamp"]?.stringValue == "2024-03-01")
    #expect(abs((found.first?["expected"]?.doubleValue ?? 0) - Samples.weekly(150)[60]) < 15)
  }

  @Test func `looks for anomalies at the end of what is very long, and says so`() async throws {
    var values = (0..<21_000).map { Double($0 % 7) + Double($0 * 37 % 11) / 100 }
    values[5] = 500
    values[20_500] = 500
    let body = "{\"series\":\(AskedFunction.list(values)),\"seasonality\":7}"
    let (status, answer, text) = try await AskedFunction.post(body, "/anomalies")
    #expect(status == 200, "\(text)")
    #expect(answer["anomalies"]?.arrayValue?.compactMap { $0["index"]?.integerValue } == [20_500])
    #expect(answer["anomalies"]?[0]?["timestamp"]?.integerValue == 20_500)
    #expect(answer["warnings"]?.arrayValue?.isEmpty == false)
  }

  @Test func `sees observations drift from an earlier answer, and since when`() async throws {
    let earlier = try await AskedFunction.post("{\"series\":\(series),\"horizon\":30,\"seasonality\":7}").text
    let coming = Array(Samples.weekly(180).suffix(30))
    let same = try await AskedFunction.post(
      "{\"answer\":\(earlier),\"observed\":\(AskedFunction.list(coming))}", "/drift")
    #expect(same.status == 200, "\(same.text)")
    #expect(same.document["verdict"]?.stringValue == "stable")
    let raised = coming.enumerated().map { $0.offset < 12 ? $0.element : $0.element + 25 }
    let drift = try await AskedFunction.post(
      "{\"answer\":\(earlier),\"observed\":\(AskedFunction.list(raised))}", "/drift")
    #expect(drift.document["verdict"]?.stringValue == "drift", "\(drift.text)")
    #expect(drift.document["direction"]?.stringValue == "above")
    // The excursion may have begun a step or so earlier by chance.
    let since = try #require(drift.document["since"]?.integerValue)
    #expect((158...162).contains(since), "\(since)")
  }

  @Test(arguments: [
    ("{}", "answer"), ("{\"answer\":{\"forecast\":[{\"mean\":1,\"lo80\":0,\"hi80\":2}]}}", "observed"),
    ("{\"answer\":{\"forecast\":[{\"mean\":1,\"lo80\":0,\"hi80\":2}]},\"observed\":[1,2]}", "observed"),
    ("{\"answer\":{\"forecast\":[{\"mean\":1}]},\"observed\":[1]}", "answer.forecast[0]"),
  ]) func `refuses drift without what it is seen by`(body: String, field: String) async throws {
    let answer = try await AskedFunction.post(body, "/drift")
    #expect(answer.status == 422)
    #expect(answer.document["field"]?.stringValue == field, "\(answer.text)")
  }

  @Test(arguments: [
    (
      "/", 200,
      "{\"series\":S,\"timestamps\":T,\"horizons\":[7,30],\"levels\":[50,95],\"explain\":true,"
        + "\"capacity\":{\"limit\":150},\"what_if\":{\"growth\":1.2},\"holidays\":[{\"date\":\"2024-05-01\"}]}"
    ),
    ("/", 200, "{\"series\":[1,2,4,8],\"capacity\":{\"limit\":1e9}}"), ("/", 422, "{}"), ("/", 400, "["),
    ("/", 200, "{\"series_set\":{\"a\":{\"series\":S},\"b\":{\"series\":[]},\"c\":{\"series\":1}}}"),
    ("/", 422, "{\"series_set\":{\"b\":{\"series\":[]}}}"), ("/backtest", 200, "{\"series\":S,\"timestamps\":T}"),
    ("/backtest", 200, "{\"series\":[1,2,4,8]}"), ("/backtest", 422, "{}"),
    ("/anomalies", 200, "{\"series\":O,\"timestamps\":T}"), ("/anomalies", 400, "{\"series\":3}"),
    ("/drift", 200, "{\"answer\":{\"forecast\":[{\"mean\":1,\"lo80\":0,\"hi80\":2}]},\"observed\":[9]}"),
    ("/drift", 422, "{}"),
  ]) func `answers as it describes itself`(path: String, status: Int, body: String) async throws {
    var odd = Samples.weekly(120)
    odd[50] = 900
    let parts = [
      ("S", AskedFunction.list(Samples.weekly(120))), ("T", AskedFunction.days(120)), ("O", AskedFunction.list(odd)),
    ]
    // Those capitals stand for themselves nowhere else in a request.
    let text = body.map { character in parts.first { $0.0 == String(character) }?.1 ?? String(character) }.joined()
    let answer = try await AskedFunction.post(text, path)
    #expect(answer.status == status, "\(answer.text)")
    let root = try ApusJSON.JSON.parse(try await AskedFunction.function.call(Request(.get, "/openapi.json")).body)
    let response = root["paths"]?[path]?["post"]?["responses"]?["\(status)"]
    let contents = Schema(root: root).resolved(response)?["content"]
    let schema = try #require(contents?[status >= 400 ? "application/problem+json" : "application/json"]?["schema"])
    #expect(Schema(root: root).faults(answer.document, schema) == [], "\(answer.text)")
  }

  @Test func `gives over a socket what it gives without`() async throws {
    let body = "{\"series\":\(series),\"horizon\":8,\"timing\":false}"
    let request = Request(.post, headers: ["Content-Type": "application/json"], body: Array(body.utf8))
    let answers = try await AskedFunction.function.serve { served in
      async let first = served.call(request)
      async let second = served.call(request)
      return try await [first, second]
    }
    let alone = try await AskedFunction.function.call(request)
    for answer in answers {
      #expect(answer.status == .ok)
      #expect(answer.text == alone.text)
    }
  }
}
