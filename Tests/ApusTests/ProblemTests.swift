import Apus
import ApusTesting
import Testing

@Suite struct `A problem` {
  static let thrown = Problem(
    .conflict, "This name is taken", detail: "Choose another.", type: "https://example.org/taken",
    headers: ["Retry-After": "7", "Set-Cookie": "a=1", "Set-Cookie": "b=2", "Content-Type": "text/html"],
    members: ["name": "ada", "status": "not this one"])
  let function = TestedFunction(Handler { (_: Request) -> Response in throw Self.thrown })

  @Test(arguments: [nil, "*/*", "text/html", "application/json;q=0", "application/json; q=0.000"] as [String?])
  func `is text to callers that do not ask for JSON`(accept: String?) async throws {
    var request = Request()
    request.headers["Accept"] = accept
    let answer = try await function.call(request)
    #expect(answer.status == .conflict)
    #expect(answer.text == "This name is taken: Choose another.\n")
    #expect(answer.headers.values("Content-Type") == ["text/plain; charset=utf-8"])
    #expect(answer.headers["Retry-After"] == "7")
    #expect(answer.headers.values("Set-Cookie") == ["a=1", "b=2"])
  }

  @Test(arguments: [
    "application/json", "application/problem+json", "text/html, application/json;q=0.1", "APPLICATION/JSON;charset=x",
    "text/html,\tapplication/vnd.example+json",
  ]) func `is problem+json to those that do`(accept: String) async throws {
    let answer = try await function.call(Request(headers: ["Accept": accept]))
    #expect(answer.headers.values("Content-Type") == ["application/problem+json"])
    #expect(answer.headers.values("Set-Cookie") == ["a=1", "b=2"])
    #expect(
      answer.text
        == #"{"type":"https://example.org/taken","title":"This name is taken","status":409,"#
        + #""detail":"Choose another.","name":"ada"}"#)
  }

  @Test func `has the same form in production`() async throws {
    let answer = try await function.serve { try await $0.call(Request(headers: ["Accept": "application/json"])) }
    #expect(answer.headers["Content-Type"] == "application/problem+json")
    #expect(try answer.decode(Shape.self).title == "This name is taken")
  }

  @Test func `of an unknown error tells the call id and nothing more`() async throws {
    struct Secretive: Error, CustomStringConvertible {
      var description: String { "password hunter2 at db.internal" }
    }
    let function = TestedFunction(Handler { (_: Request) -> Response in throw Secretive() })
    let answer = try await function.call(Request(headers: ["X-Call-Id": "call-77"]))
    #expect(answer.status == .internalServerError)
    #expect(answer.text == "The function failed: Its log has more under call id call-77.\n")
    #expect(answer.headers.all.allSatisfy { !$0.value.contains("hunter2") })
  }

  @Test func `of JSON that does not fit names line, column and path`() async throws {
    let function = TestedFunction(Handler { (order: Order) in order })
    let body = Array("{\"item\": \"nail\",\n \"count\": \"three\"}".utf8)
    let answer = try await function.call(Request(.post, body: body))
    #expect(answer.status == .badRequest)
    #expect(answer.text.contains("line 2, column 11"), "\(answer.text)")
    #expect(answer.text.contains("`count`"), "\(answer.text)")
  }

  @Test func `of a codec stays as the codec threw it`() async throws {
    let function = TestedFunction(Handler(Shouting()) { (number: Int) in number })
    #expect(try await function.call(Request(.post, body: [49])).status == .unsupportedMediaType)
  }

  @Test(arguments: [(8, Status.ok), (9, 413)]) func `of too much content is a 413`(count: Int, status: Status)
    async throws
  {
    let function = TestedFunction(
      Handler { (request: Request) in .text("\(try await request.body.collect(limit: 8).count)") })
    let request = Request(.post, body: [UInt8](repeating: 65, count: count))
    #expect(try await function.call(request).status == status)
    #expect(try await function.serve { try await $0.call(request).status } == status)
  }

  @Test func `of content that is not UTF-8 is a 400`() async throws {
    let function = TestedFunction(Handler { (text: String) in text })
    #expect(try await function.call(Request(.post, body: [0xFF])).status == .badRequest)
  }

  @Test func `of a limit below zero is no trap`() async throws {
    let function = TestedFunction(
      Handler { (request: Request) in .text("\(try await request.body.collect(limit: -1))") })
    let request = Request(.post, body: [65])
    #expect(try await function.call(request).status == .contentTooLarge)
    #expect(try await function.serve { try await $0.call(request).status } == .contentTooLarge)
  }

  private struct Shape: Decodable {
    var title: String
  }
}
