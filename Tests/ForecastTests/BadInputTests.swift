import Apus
import ApusJSON
import ApusTesting
import ForecastAPI
import Testing

@Suite struct `A bad request to forecast` {
  private static let good = AskedFunction.list(Samples.weekly(30))

  @Test(arguments: [
    ("{}", 422, "series"),
    ("{\"series\":\(good),\"horizn\":5}", 422, "horizn"),
    ("{\"series\":\(good),\"capacity\":{\"limit\":5,\"side\":\"above\"}}", 422, "capacity.side"),
    ("{\"series\":\(good),\"what_if\":{\"growht\":2}}", 422, "what_if.growht"),
    ("{\"series\":\(good),\"bounds\":{\"low\":2}}", 422, "bounds.low"),
    ("{\"series\":[]}", 422, "series"),
    ("{\"series\":[1,2,3]}", 422, "series"),
    ("{\"series\":[null,null,null,null,null]}", 422, "series"),
    ("{\"series\":[1,2,3,4,1e308]}", 422, "series[4]"),
    ("{\"series\":[1,2,3,4,-2e100]}", 422, "series[4]"),
    ("{\"series\":\(good),\"horizon\":0}", 422, "horizon"),
    ("{\"series\":\(good),\"horizon\":-3}", 422, "horizon"),
    ("{\"series\":\(good),\"horizon\":9999999}", 422, "horizon"),
    ("{\"series\":\(good),\"horizons\":[]}", 422, "horizons"),
    ("{\"series\":\(good),\"horizons\":[7,0]}", 422, "horizons"),
    ("{\"series\":\(good),\"horizons\":[7],\"horizon\":7}", 422, "horizons"),
    ("{\"series\":\(good),\"levels\":[0]}", 422, "levels"),
    ("{\"series\":\(good),\"levels\":[100]}", 422, "levels"),
    ("{\"series\":\(good),\"levels\":[]}", 422, "levels"),
    ("{\"series\":\(good),\"seasonality\":[-7]}", 422, "seasonality"),
    ("{\"series\":\(good),\"seasonality\":[2,3,4,5,6,7,8]}", 422, "seasonality"),
    ("{\"series\":\(good),\"frequency\":\"fortnight\"}", 422, "frequency"),
    ("{\"series\":\(good),\"timestamps\":[\"2024-01-01\"]}", 422, "timestamps"),
    ("{\"series\":[1,2,3,4],\"timestamps\":[\"2024-01-01\",\"x\",\"y\",\"z\"]}", 422, "timestamps[1]"),
    ("{\"series\":[1,2,3,4],\"timestamps\":[1,8,10,31],\"frequency\":\"min\"}", 422, "timestamps[1]"),
    ("{\"series\":[1,2,3,4],\"timestamps\":[1,8,19,31]}", 422, "timestamps"),
    ("{\"series\":[1,2,3,4],\"timestamps\":[5,5,5,5]}", 422, "timestamps"),
    (
      "{\"series\":[1,2,3,4],\"timestamps\":[\"2020-01-01\",\"2020-01-02\",\"2020-01-03\",\"2024-01-01\"]}", 422,
      "timestamps"
    ),
    ("{\"series\":\(good),\"bounds\":{\"min\":5,\"max\":1}}", 422, "bounds"),
    ("{\"series\":\(good),\"capacity\":{\"limit\":1e200}}", 422, "capacity.limit"),
    ("{\"series\":\(good),\"capacity\":{\"limit\":5,\"direction\":\"up\"}}", 422, "capacity.direction"),
    ("{\"series\":\(good),\"what_if\":{\"growth\":0}}", 422, "what_if.growth"),
    ("{\"series\":\(good),\"what_if\":{\"step\":1e200}}", 422, "what_if.step"),
    ("{\"series\":\(good),\"what_if\":{\"from\":\"2024-01-01\"}}", 422, "what_if.from"),
    ("{\"series\":\(good),\"what_if\":{\"from\":0}}", 422, "what_if.from"),
    ("{\"series\":\(good),\"effort\":\"heroic\"}", 422, "effort"),
    ("{\"series\":\(good),\"threshold\":0}", 422, "threshold"),
    ("{\"series\":\(good),\"series_set\":{\"a\":{\"series\":\(good)}}}", 422, "series_set"),
    ("{\"series_set\":{}}", 422, "series_set"),
    ("{\"series_set\":{\((0...100).map { "\"\($0)\":{}" }.joined(separator: ","))}}", 422, "series_set"),
    (
      "{\"series\":[1,2,3,4],\"timestamps\":[\"2024-01-01\",\"2024-01-02\",\"2024-01-03\",\"2024-01-04\"],"
        + "\"holidays\":[{\"date\":\"Easter\"}]}", 422, "holidays[0].date"
    ),
  ]) func `is refused with the field's name`(body: String, status: Int, field: String) async throws {
    let answer = try await AskedFunction.post(body)
    #expect(answer.status == status, "\(answer.text)")
    #expect(answer.document["field"]?.stringValue == field, "\(answer.text)")
    #expect(answer.document["detail"]?.stringValue?.isEmpty == false)
  }

  @Test(arguments: [
    "\"timestamps\":[1700000000,1700000010,1700000020,1700000030,1700000040]", "\"frequency\":\"10s\"",
    "\"timestamps\":[\"2024-01-01T00:00:00Z\",\"2024-01-01T00:00:01Z\",\"2024-01-01T00:00:02Z\","
      + "\"2024-01-01T00:00:03Z\",\"2024-01-01T00:00:04Z\"]",
  ]) func `of steps below a minute is told to resample`(member: String) async throws {
    let answer = try await AskedFunction.post("{\"series\":[1,2,3,4,5],\(member)}")
    #expect(answer.status == 422, "\(answer.text)")
    let detail = try #require(answer.document["detail"]?.stringValue)
    #expect(detail.contains("shortest step is a minute") && detail.contains("resample"), "\(detail)")
  }

  /// A failed attempt looks for its place in the text, which for each of many timestamps takes minutes.
  @Test(arguments: [ApusJSON.JSON.string("2024-01-01"), .integer(1_700_000_000), .number(1.7e9)])
  func `is not tried as this and that: a timestamp is read at once`(value: ApusJSON.JSON) throws {
    let attempts = CountedAttempts(value)
    switch (value, try TimestampValue(from: attempts)) {
    case (.string(let text), .text(let read)): #expect(read == text)
    case (_, .number(let read)): #expect(read == value.doubleValue)
    case (_, .text(let read)): Issue.record("a number became \(read)")
    }
    #expect(attempts.count == 1)
  }

  @Test func `whose newest values are missing is answered across 4,000 steps, and refused beyond`() async throws {
    func ask(_ missing: Int) async throws -> (status: Int, document: ApusJSON.JSON, text: String) {
      let gap = Array(repeating: ",null", count: missing).joined()
      return try await AskedFunction.post("{\"series\":\(Self.good.dropLast())\(gap)],\"horizon\":3}")
    }
    let answered = try await ask(4_000)
    #expect(answered.status == 200, "\(answered.text)")
    #expect(answered.document["forecast"]?[0]?["timestamp"]?.integerValue == 4_030)
    #expect(answered.document["warnings"]?.arrayValue?.first?.stringValue?.contains("last 4000 steps") == true)
    let refused = try await ask(4_001)
    #expect(refused.status == 422 && refused.document["field"]?.stringValue == "series", "\(refused.text)")
  }

  @Test(arguments: [
    "", "[", "[]", "{\"series\":[1,2,NaN,4]}", "{\"series\":[1,2,Infinity,4]}", "{\"series\":[1,2,1e999,4,5]}",
    "{\"series\":\"1,2,3\"}", "{\"series\":[1,2,3,4],\"horizon\":\"x\"}", "{\"series\":[1,2,3,4],\"horizon\":1.5}",
    "{\"series\":[1,2,3,4],\"timestamps\":[true,false,true,false]}", "\u{0}",
  ]) func `that is no JSON of the right shape is a 400 or names its field`(body: String) async throws {
    let answer = try await AskedFunction.post(body)
    #expect([400, 422].contains(answer.status), "\(answer.text)")
    #expect(answer.document["title"]?.stringValue != nil, "\(answer.text)")
  }

  @Test(arguments: [
    ("{\"series\":\"1,2,3\"}", "series"), ("{\"series\":[1,2,\"x\",4]}", "series[2]"),
    ("{\"series\":[1,2,3,4],\"horizon\":1.5}", "horizon"), ("{\"series\":[1,2,3,4],\"bounds\":5}", "bounds"),
    ("{\"series\":[1,2,3,4],\"holidays\":[{\"date\":7}]}", "holidays[0].date"),
    ("{\"series\":[1,2,3,4],\"capacity\":{\"limit\":\"high\"}}", "capacity.limit"),
  ]) func `of the wrong shape is a 400 that names the field`(body: String, field: String) async throws {
    let answer = try await AskedFunction.post(body)
    #expect(answer.status == 400)
    #expect(answer.document["field"]?.stringValue == field, "\(answer.text)")
  }

  @Test(arguments: [
    ("", "application/json", "horizon=7", "horizon", "Send horizon in the body"),
    ("", "application/x-www-form-urlencoded", "effort=quick", "effort", "Send effort in the body"),
    ("", "application/json", "limit=5", "limit", "Send capacity.limit in the body"),
    ("", "application/json", "min=0", "min", "Send bounds.min in the body"),
    ("", "application/json", "value=load", "value", "Send series in the body"),
    ("", "application/json", "%6dax=0", "%6dax", "Send bounds.max in the body"),
    ("", "application/json", "horizn=7", "horizn", "Known in the body are"),
    ("", "application/json", "horizon.foo=5", "horizon.foo", "Known in the body are"),
    (
      "", "application/json", "capacity.\(String(repeating: "x", count: 3_000))=5",
      "capacity.\(String(repeating: "x", count: 91))", "Known in the body are"
    ),
    ("backtest", "application/json", "levels=80", "levels", "Send levels in the body"),
    ("anomalies", "application/json", "threshold=9", "threshold", "Send threshold in the body"),
    ("drift", "application/json", "horizon=7", "horizon", "Known in the body are answer, observed"),
  ]) func `as JSON with options in the query is told where they belong`(
    path: String, type: String, query: String, field: String, detail: String
  ) async throws {
    let body =
      path == "drift"
      ? "{\"answer\":{\"forecast\":[{\"mean\":1,\"lo80\":0,\"hi80\":2}]},\"observed\":[1]}"
      : "{\"series\":\(Self.good)}"
    #expect(try await AskedFunction.post(body, "/\(path)", query: "", type: type).status == 200)
    let answer = try await AskedFunction.post(body, "/\(path)", query: query, type: type)
    #expect(answer.status == 422, "\(answer.text.prefix(300))")
    #expect(answer.document["field"]?.stringValue == field)
    #expect(answer.document["detail"]?.stringValue?.hasPrefix(detail) == true, "\(answer.text.prefix(500))")
    #expect(answer.text.utf8.count < 1_000)
  }

  @Test(arguments: ["*/*", "text/html", "image/svg+xml"]) func `is told of as JSON whatever is accepted`(
    accept: String
  ) async throws {
    let bodies = [
      ("/", "{}"), ("/", "{\"series_set\":{\"a\":{}}}"), ("/backtest", "{"), ("/anomalies", "[]"), ("/drift", "{}"),
    ]
    for (path, body) in bodies {
      let request = Request(.post, path, headers: ["Accept": accept], body: Array(body.utf8))
      let answer = try await AskedFunction.function.call(request)
      #expect(answer.headers["Content-Type"] == "application/problem+json", "\(path)")
      #expect(try ApusJSON.JSON.parse(answer.body)["status"]?.integerValue == Int64(answer.status.code))
    }
  }

  @Test(arguments: [
    "min=low", "max=nan", "max=inf", "limit=x", "levels=a", "threshold=b", "horizn=5", "limits=5&horizon=2",
    "horizon=5&horizon=7", "horizons=7&horizons=30", "value=load&value=load", "explain=maybe", "timing=0",
    "horizon=%FF", "direction=below", "direction=up&limit=5", "limit=1e200", "min=5&max=1", "value=b", "time=b",
    "value=2", "capacity=1&limit=5", "bounds=1&min=2&limit=5", "horizons=7,,30", "levels=80,", "seasonality=,",
    "horizons=1,2,3,4,5,6,7,8,9,10,11", "horizon.foo=5",
  ]) func `in the query of a CSV is refused with its name`(query: String) async throws {
    let answer = try await AskedFunction.post("load\n1\n2\n3\n4\n5\n", query: query, type: "text/csv")
    #expect(answer.status == 422)
    #expect(answer.document["field"]?.stringValue == String(query.prefix { $0 != "=" }), "\(answer.text)")
  }

  @Test func `in the query of a CSV is found however its name is written`() async throws {
    let body = "load\n1\n2\n3\n4\n5\n"
    let good = try await AskedFunction.post(body, query: "%68orizon=2", type: "text/csv")
    #expect(good.document["forecast"]?.arrayValue?.count == 2, "\(good.text)")
    let twice = try await AskedFunction.post(body, query: "%68orizon=2&horizon=3", type: "text/csv")
    #expect(twice.document["field"] == "horizon" && twice.document["title"] == "Given twice", "\(twice.text)")
  }

  @Test(arguments: [
    ("load\n1\n2\nx\n4\n", "line 4"), ("load\n1\n2\ninf\n4\n", "line 4"), ("a,b\n1,2\n3\n", "line 3"),
    ("a,b\n1,2\n", "series"),
  ]) func `in CSV is refused with its line`(body: String, field: String) async throws {
    let answer = try await AskedFunction.post(body, type: "text/csv")
    #expect(answer.status == 422)
    #expect(answer.document["field"]?.stringValue == field, "\(answer.text)")
  }

  @Test func `in CSV with times that would fill memory is refused with its line`() async throws {
    let answer = try await AskedFunction.post(
      "time,load\n2024-01-01,1\n\(String(repeating: "2", count: 65)),2\n", query: "time=time&value=load",
      type: "text/csv")
    #expect(answer.status == 422)
    #expect(answer.document["field"]?.stringValue == "line 3", "\(answer.text)")
  }

  /// The second instant is the latest and has the earliest day; so it is in every unit whose step a calendar gives.
  @Test(arguments: ["D", "B", "W", "M", "Q", "Y"])
  func `whose clocks are of different places is no reason to fall over`(frequency: String) async throws {
    let start = frequency == "D" || frequency == "B" ? "2024-01-02" : "2024-01-01"
    let before = frequency == "D" || frequency == "B" ? "2024-01-01" : "2023-12-31"
    let times = ["\(start)T00:30:00Z", "\(before)T20:00:00-05:00", "2024-01-03T00:00:00Z", "2024-01-04T00:00:00Z"]
    let list = times.map { "\"\($0)\"" }.joined(separator: ",")
    let answer = try await AskedFunction.post(
      "{\"series\":[1,2,3,4],\"frequency\":\"\(frequency)\",\"timestamps\":[\(list)]}")
    #expect([200, 422].contains(answer.status), "\(answer.text)")
  }

  @Test(arguments: ["holidays", "events"])
  func `of causes on more steps than a model could count is refused`(field: String) async throws {
    // 1,000 causes of a day with 1,440 minutes, each with a name of its own.
    let values = AskedFunction.list((0..<3_000).map { Double($0 % 60) })
    let times = (0..<3_000).map { "\(1_704_067_200 + 60 * $0)" }.joined(separator: ",")
    let causes = (0..<1_000).map { "{\"date\":\"2024-01-01\",\"name\":\"\($0)\"}" }.joined(separator: ",")
    let (status, answer, text) = try await AskedFunction.post(
      "{\"series\":\(values),\"timestamps\":[\(times)],\"effort\":\"quick\",\"\(field)\":[\(causes)]}")
    #expect(status == 422 && answer["field"]?.stringValue == field, "\(status) \(text.prefix(300))")
  }

  /// As many as may be, and one that can't be read: who looks at all of them before they are counted finds it.
  @Test(arguments: [
    ("series", 1_000_000), ("timestamps", 1_000_000), ("horizons", 10), ("levels", 6), ("seasonality", 6),
    ("holidays", 2_000), ("events", 2_000), ("answer.forecast", 4_000), ("observed", 4_000),
  ]) func `is refused for its length before it is read`(field: String, most: Int) async throws {
    let first =
      field == "answer.forecast" ? "{\"mean\":1}" : ["holidays", "events"].contains(field) ? "{\"date\":\"\"}" : "1"
    let list = "[\(String(repeating: "\(first),", count: most))true]"
    let isDrift = ["answer.forecast", "observed"].contains(field)
    let body = field == "answer.forecast" ? "{\"answer\":{\"forecast\":\(list)}}" : "{\"\(field)\":\(list)}"
    let answer = try await AskedFunction.post(body, isDrift ? "/drift" : "/")
    #expect(answer.status == 422 && answer.document["field"]?.stringValue == field, "\(answer.text)")
    #expect(answer.document["title"] == "Too many values")
  }

  @Test func `with other content than JSON and CSV is a 415`() async throws {
    #expect(try await AskedFunction.post("<a/>", type: "application/xml").status == 415)
    #expect(try await AskedFunction.post("a\n1\n2\n3\n4\n", query: "value=&time=", type: "text/csv").status == 200)
    #expect(try await AskedFunction.post("a\n1\n", query: "horizon=b", type: "text/csv").document["field"] == "horizon")
  }

  @Test(arguments: [
    "{\"series\":[5,5,5,5,5,5,5,5]}", "{\"series\":[1,2,4,8,16]}", "{\"series\":[1,null,null,3,null,4,5]}",
    "{\"series\":[-5,-4,-6,-5,-4,-6],\"bounds\":{\"min\":0}}", "{\"series\":[1,2,3,4,5],\"horizon\":400}",
    "{\"series\":[0,0,0,0,0,1,0,0,0,0,0,0,2,0,0,0,0,0,0,1,0,0]}", "{\"series\":[1e99,2e99,1e99,3e99,1e99,2e99]}",
    "{\"series\":[1e-300,2e-300,1e-300,3e-300,1e-300]}", "{\"series\":[1,2,3,4,5,6],\"seasonality\":[100]}",
    "{\"series\":[1,2,3,4,5,6],\"holidays\":[{\"date\":\"2024-01-01\"}]}",
  ]) func `that can be answered is, with a warning`(body: String) async throws {
    let answer = try await AskedFunction.post(body)
    #expect(answer.status == 200, "\(answer.text)")
    for step in answer.document["forecast"]?.arrayValue ?? [] {
      for name in ["mean", "lo80", "hi80", "lo95", "hi95"] { #expect(step[name]?.doubleValue != nil, "\(step)") }
    }
    #expect(answer.document["forecast"]?.arrayValue?.isEmpty == false)
    #expect(answer.document["warnings"]?.arrayValue?.isEmpty == false, "\(answer.text)")
  }
}
