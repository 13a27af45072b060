import Apus
import ApusJSON
import ApusTesting
import ForecastAPI
import Forecasting
import Testing

@Suite struct `A call to forecast` {
  private let series = AskedFunction.list(Samples.weekly(120))

  @Test func `is answered with all that was asked for`() async throws {
    let body = """
      {"series":\(series),"timestamps":\(AskedFunction.days(120)),"frequency":"D","seasonality":[7],
      "horizons":[7,30,90],
      "levels":[80,95],"capacity":{"limit":190,"direction":"above"},"what_if":{"growth":1.2,"from":"2024-05-10"},
      "bounds":{"min":0},"explain":true}
      """
    let (status, answer, text) = try await AskedFunction.post(body)
    #expect(status == 200, "\(text)")
    let steps = try #require(answer["forecast"]?.arrayValue)
    #expect(steps.count == 90)
    #expect(steps[0]["timestamp"]?.stringValue == "2024-04-30")
    #expect(steps[89]["timestamp"]?.stringValue == "2024-07-28")
    for step in steps {
      let ends = try ["lo95", "lo80", "mean", "hi80", "hi95"].map { try #require(step[$0]?.doubleValue) }
      #expect(ends == ends.sorted())
    }
    let weeks = try #require(answer["horizons"]?["7"])
    let means = try steps.prefix(7).map { try #require($0["mean"]?.doubleValue) }
    #expect(weeks["end"]?.doubleValue == means.last)
    #expect(abs(try #require(weeks["total"]?.doubleValue) - means.reduce(0, +)) < 1e-6)
    for name in ["mase", "smape", "coverage80", "coverage95", "naive_mase"] {
      #expect(answer["backtest"]?[name]?.doubleValue != nil, "\(name)")
    }
    #expect(try #require(answer["improvement_over_naive"]?.doubleValue) > 0)
    let weights = try #require(answer["weights"]?.objectValue).compactMap(\.value.doubleValue)
    #expect(abs(weights.reduce(0, +) - 1) < 1e-9)
    #expect(answer["saturation"]?["date"] != nil)
    #expect(answer["what_if"]?["forecast"]?.arrayValue?.count == 90)
    #expect(answer["cleaning"]?["missing"]?.integerValue == 0)
    #expect(answer["explanation"]?["transform"]?.stringValue != nil)
    #expect(answer["milliseconds"]?.doubleValue != nil)
    #expect(answer["degraded"] == nil)
  }

  @Test func `has equal bytes for equal requests`() async throws {
    let body = "{\"series\":\(series),\"horizon\":20,\"timing\":false}"
    #expect(try await AskedFunction.post(body).text == (try await AskedFunction.post(body).text))
  }

  @Test func `finds a season that nobody named`() async throws {
    let (_, answer, _) = try await AskedFunction.post("{\"series\":\(series),\"explain\":true}")
    #expect(answer["explanation"]?["seasons"]?[0]?.integerValue == 7)
    #expect(answer["forecast"]?[0]?["timestamp"]?.integerValue == 120, "without timestamps it is the step")
  }

  @Test func `takes CSV with names or numbers of columns`() async throws {
    let rows = Samples.weekly(60).enumerated().map { index, value in
      "2024-0\(1 + index / 28)-\(index % 28 < 9 ? "0" : "")\(index % 28 + 1),x,\(index == 9 ? "" : "\(value)")"
    }
    let csv = "day,host,load\r\n" + rows.prefix(28).joined(separator: "\r\n") + "\r\n"
    for query in ["value=load&time=day&horizon=5&frequency=D", "value=3&time=1&horizon=5"] {
      let (status, answer, text) = try await AskedFunction.post(csv, query: query, type: "text/csv")
      #expect(status == 200, "\(text)")
      #expect(answer["forecast"]?.arrayValue?.count == 5)
      #expect(answer["forecast"]?[0]?["timestamp"]?.stringValue == "2024-01-29")
      #expect(answer["cleaning"]?["missing"]?.integerValue == 1)
    }
  }

  @Test func `answers a set, each for itself`() async throws {
    let body = """
      {"series_set":{"good":{"series":\(series),"horizon":5,"effort":"quick"},"short":{"series":[1,2]},
      "odd":{"series":"none"}}}
      """
    let (status, answer, _) = try await AskedFunction.post(body)
    #expect(status == 200)
    #expect(answer["results"]?["good"]?["forecast"]?.arrayValue?.count == 5)
    #expect(answer["results"]?["short"]?["field"]?.stringValue == "series")
    #expect(answer["results"]?["odd"]?["status"]?.integerValue == 400)
    let unknown = try await AskedFunction.post("{\"series_set\":{\"a\":{\"series\":\(series),\"horizn\":3}}}")
    #expect(unknown.document["results"]?["a"]?["field"]?.stringValue == "horizn", "\(unknown.text)")
    let bad = try await AskedFunction.post("{\"series_set\":{\"short\":{\"series\":[1,2]},\"odd\":{\"series\":7}}}")
    #expect(bad.status == 422 && bad.document["status"] == 422, "all failed: a problem")
    #expect(bad.document["title"] == "No series could be answered" && bad.document["detail"] != nil, "\(bad.text)")
    #expect(
      bad.document["results"]?["short"]?["field"] == "series" && bad.document["results"]?["odd"]?["status"] == 400)
  }

  @Test func `is drawn for those who accept a drawing`() async throws {
    let body = "{\"series\":\(series),\"timestamps\":\(AskedFunction.days(120)),\"capacity\":{\"limit\":200}}"
    let (status, _, text) = try await AskedFunction.post(body, accept: "image/svg+xml")
    #expect(status == 200)
    #expect(text.hasPrefix("<svg ") && text.hasSuffix("</svg>\n"))
    #expect(text.contains("limit 200") && text.contains("95 %") && text.contains("2024-04-29"))
    for bad in ["nan,", ",nan", "\"nan", "inf"] { #expect(!text.contains(bad), "\(bad)") }
  }

  @Test(arguments: [
    "*/*", "application/json;q=0.9, image/svg+xml;q=0.8", "image/svg+xml;q=0, */*", "application/json, image/svg+xml",
  ]) func `is not drawn for those who like numbers as much`(accept: String) async throws {
    let answer = try await AskedFunction.post("{\"series\":\(series)}", accept: accept)
    #expect(answer.status == 200 && answer.document["forecast"] != nil, "\(answer.text.prefix(100))")
  }

  @Test func `sorts, joins and fills timestamps, and says so`() async throws {
    var days = (1...28).map { "\"2024-02-\($0 < 10 ? "0" : "")\($0)\"" }
    days.swapAt(3, 9)
    days.remove(at: 20)
    days.append("\"2024-02-28\"")
    let values = AskedFunction.list(Samples.weekly(28))
    let body = "{\"series\":\(values),\"timestamps\":[\(days.joined(separator: ","))],\"horizon\":3}"
    let (status, answer, text) = try await AskedFunction.post(body)
    #expect(status == 200, "\(text)")
    let warnings = answer["warnings"]?.arrayValue?.compactMap(\.stringValue).joined(separator: " ") ?? ""
    #expect(warnings.contains("not in order") && warnings.contains("several values") && warnings.contains("missing"))
    #expect(answer["cleaning"]?["missing"]?.integerValue == 1)
    #expect(answer["forecast"]?[0]?["timestamp"]?.stringValue == "2024-02-29")
  }

  @Test func `keeps days whole where clocks change`() async throws {
    // Berlin, around 31 March 2024.
    let days =
      (18...31).map { "\"2024-03-\($0)T00:00:00+01:00\"" } + (1...9).map { "\"2024-04-0\($0)T00:00:00+02:00\"" }
    let values = AskedFunction.list(Samples.weekly(23))
    let body =
      "{\"series\":\(values),\"timestamps\":[\(days.joined(separator: ","))],\"frequency\":\"D\",\"horizon\":2}"
    let (status, answer, text) = try await AskedFunction.post(body)
    #expect(status == 200, "\(text)")
    #expect(answer["cleaning"]?["missing"]?.integerValue == 0)
    #expect(answer["forecast"]?[0]?["timestamp"]?.stringValue?.hasPrefix("2024-04-10") == true)
  }

  /// Instants that are so many hours apart, from January 2024 on.
  private static func stamps(_ count: Int, hours: Int, from hour: Int = 0) -> [String] {
    (0..<count).map { Instant(seconds: 1_704_067_200 + (hour + hours * $0) * 3_600).text }
  }

  @Test func `takes the mean of a day's hours`() async throws {
    let (status, answer, text) = try await AskedFunction.post(
      """
      {"series":\(AskedFunction.list((0..<240).map { Double($0 % 24) })),"frequency":"D","horizon":2,
      "seasonality":7,"timestamps":["\(Self.stamps(240, hours: 1).joined(separator: "\",\""))"]}
      """)
    #expect(status == 200, "\(text)")
    let steps = answer["forecast"]?.arrayValue ?? []
    #expect(steps.compactMap { $0["timestamp"]?.stringValue } == ["2024-01-11T00:00:00Z", "2024-01-12T00:00:00Z"])
    #expect(steps.compactMap { $0["mean"]?.doubleValue } == [11.5, 11.5])
    #expect(answer["warnings"]?.arrayValue?.contains("10 steps had several values: their mean is used.") == true)
  }

  @Test(arguments: [
    ("2024-02-13", "2024-02-13T23:00:00Z"), ("2024-02-13T23:00:00Z", "2024-02-13T23:00:00Z"),
    ("2024-02-14T00:00:00Z", "2024-02-14T23:00:00Z"),
  ]) func `changes things from the day on that is named`(from: String, first: String) async throws {
    let (status, answer, text) = try await AskedFunction.post(
      """
      {"series":\(AskedFunction.list((0..<40).map { Double(10 + $0 % 7) })),"horizon":6,"seasonality":7,
      "timestamps":["\(Self.stamps(40, hours: 24, from: 23).joined(separator: "\",\""))"],"frequency":"D",
      "what_if":{"step":1000,"from":"\(from)"}}
      """)
    #expect(status == 200, "\(text)")
    let changed = answer["what_if"]?["forecast"]?.arrayValue?.filter { $0["mean"]?.doubleValue ?? 0 > 500 } ?? []
    #expect(changed.first?["timestamp"]?.stringValue == first, "\(text)")
  }

  @Test func `counts holidays in, where there are timestamps`() async throws {
    var values = Samples.weekly(120, slope: 0)
    for step in [30, 65, 99] { values[step] = 20 }
    let dates = ["2024-01-31", "2024-03-06", "2024-04-09", "2024-05-02"].map { "{\"date\":\"\($0)\",\"name\":\"off\"}" }
    let body = """
      {"series":\(AskedFunction.list(values)),"timestamps":\(AskedFunction.days(120)),"horizon":5,
      "holidays":[\(dates.joined(separator: ","))]}
      """
    let (_, answer, text) = try await AskedFunction.post(body)
    let means = (answer["forecast"]?.arrayValue ?? []).compactMap { $0["mean"]?.doubleValue }
    try #require(means.count == 5, "\(text)")
    #expect(means[2] < 60 && means[1] > 90, "\(means)")
  }

  @Test func `takes a million lines of CSV, uses the last, and says so`() async throws {
    var body = "load\n"
    body.reserveCapacity(6_000_000)
    for index in 0..<1_000_000 { body += "\(100 + index % 7)\n" }
    let (status, answer, text) = try await AskedFunction.post(
      body, query: "horizon=3&seasonality=7&effort=quick", type: "text/csv")
    #expect(status == 200, "\(text)")
    #expect(answer["warnings"]?.arrayValue?.isEmpty == false)
    #expect(answer["forecast"]?.arrayValue?.count == 3)
  }
}
