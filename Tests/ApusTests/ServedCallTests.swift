import Apus
import ApusTesting
import Glibc
import Testing

@Suite struct `A served call` {
  static let echo = TestedFunction(Handler { (_: Request, context: Context) in .text(context.callID) })

  @Test(arguments: ["abc-1", "0af7651916cd43dd8448eb211c80319c", "a.b:c/d+e"])
  func `keeps the id that its caller gave`(id: String) async throws {
    let answer = try await Self.echo.serve { try await $0.call(Request(headers: ["X-Call-Id": id])) }
    #expect(answer.text == id)
    #expect(answer.headers.values("X-Call-Id") == [id])
  }

  @Test(arguments: [nil, "", "a b", "a\"b", "a]b", "a=b", "a;b", "é", String(repeating: "x", count: 129)] as [String?])
  func `gets an id where none came, or one that could forge a log line`(id: String?) async throws {
    let answer = try await Self.echo.serve { served in
      let client = try RawClient(url: served.url)
      try client.send("GET / HTTP/1.1\r\nHost: x\r\n\(id.map { "X-Call-Id: \($0)\r\n" } ?? "")\r\n")
      return client.receiveAnswer()
    }
    let uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
    #expect(answer.body.wholeMatch(of: uuid) != nil, "\(answer.body)")
    #expect(answer.headers("X-Call-Id") == [answer.body])
  }

  @Test func `says how long it took, in seconds with six decimals`() async throws {
    let handler = Handler { (_: Request) in
      Response(headers: ["X-Call-Id": "not mine to say", "X-Duration-Seconds": "0"])
    }
    let answer = try await TestedFunction(handler).serve { try await $0.call(Request(headers: ["X-Call-Id": "mine"])) }
    let durations = answer.headers.values("X-Duration-Seconds")
    #expect(durations.count == 1)
    #expect(durations.first?.wholeMatch(of: /[0-9]+\.[0-9]{6}/) != nil, "\(durations)")
    #expect(durations.first != "0")
    #expect(answer.headers.values("X-Call-Id") == ["mine"])
  }

  @Test func `comes from the address that connected`() async throws {
    let function = TestedFunction(Handler { (_: Request, context: Context) in .text(context.clientAddress ?? "-") })
    let request = Request(headers: ["X-Forwarded-For": "198.51.100.7"])
    #expect(try await function.serve { try await $0.call(request).text } == "127.0.0.1")
    let behind = TestedFunction(
      Handler { (_: Request, context: Context) in .text(context.clientAddress ?? "-") },
      environment: ["trusted_proxies": "127.0.0.0/8"])
    #expect(try await behind.serve { try await $0.call(request).text } == "198.51.100.7")
  }

  @Test func `above max_inflight is refused in the contract's words`() async throws {
    let gate = Gate()
    let function = TestedFunction(
      Handler { (request: Request) in
        await gate.pass()
        return .text("done")
      }, environment: ["max_inflight": "1"])
    try await function.serve { served in
      let first = try RawClient(url: served.url)
      try first.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      await gate.arrivals()
      let second = try RawClient(url: served.url)
      try second.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab")
      let refused = second.receiveAnswer()
      #expect(refused.head.hasPrefix("HTTP/1.1 429 Too Many Requests\r\n"))
      #expect(refused.header("X-Call-Id") != nil)
      #expect(refused.header("Content-Type") == "text/plain")
      #expect(refused.header("X-OpenFaaS-Internal") == "faas-middleware")
      #expect(refused.headers("Retry-After").isEmpty)
      #expect(refused.body == "Concurrent request limit exceeded. Max concurrent requests: 1\n")
      try second.send("GET /_/ready HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(second.receiveAnswer().status == 429)
      gate.open()
      #expect(first.receiveAnswer().body == "done")
      try second.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(second.receiveAnswer().body == "done", "the place is free again")
    }
  }

  @Test(
    arguments: [
      (["exec_timeout": "20ms"], nil, "exec_timeout of 20ms"),
      (["exec_timeout": "1h"], "20ms", "X-Timeout of 20ms"),
      ([:], "20ms", "X-Timeout of 20ms"),
    ] as [([String: String], String?, String)])
  func `that takes too long is a 504 that names the limit`(
    environment: [String: String], asked: String?, limit: String
  ) async throws {
    // The handler heeds no cancellation: its caller gets an answer all the same.
    let gate = Gate()
    let function = TestedFunction(
      Handler { (request: Request) in
        if request.path == "/slow" { await gate.pass() }
        return .text("late")
      }, environment: environment)
    try await function.serve { served in
      var request = Request(.get, "/slow", headers: ["X-Call-Id": "slow-1"])
      request.headers["X-Timeout"] = asked
      let answer = try await served.call(request)
      #expect(answer.status == .gatewayTimeout)
      #expect(answer.text.contains(limit), "\(answer.text)")
      #expect(answer.headers["X-OpenFaaS-Internal"] == "of-watchdog")
      #expect(answer.headers["X-Call-Id"] == "slow-1")
      request.path = "/fast"
      #expect(try await served.call(request).text == "late", "the function lives on")
      gate.open()
    }
  }

  @Test(arguments: [("text/event-stream; charset=utf-8", true), ("TEXT/EVENT-STREAM", true), ("text/plain", false)])
  func `that answers with events may last longer than its limit once it has begun`(
    type: String, isWhole: Bool
  ) async throws {
    let function = TestedFunction(
      Handler { (_: Request) in
        Response(headers: ["Content-Type": type]) { writer in
          try await writer.write("data: 1\n\n")
          try await Task.sleep(for: .milliseconds(200))
          try await writer.write("data: 2\n\n")
        }
      }, environment: ["exec_timeout": "50ms"])
    try await function.serve { served in
      let client = try RawClient(url: served.url)
      try client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      let (text, _) = client.receiveAll()
      #expect(text.contains("data: 1"))
      #expect(text.contains("data: 2") == isWhole)
      #expect(text.hasSuffix("0\r\n\r\n") == isWhole)
    }
  }

  @Test func `that takes too long is cancelled`() async throws {
    let gate = Gate()
    let function = TestedFunction(
      Handler { (_: Request) in
        do {
          try await Task.sleep(for: .seconds(600))
        } catch {
          gate.open()
        }
        return .text("never")
      }, environment: ["exec_timeout": "20ms"])
    #expect(try await function.serve { try await $0.call(Request()).status } == .gatewayTimeout)
    await gate.pass()
  }

  @Test func `knows how much time is left`() async throws {
    let function = TestedFunction(
      Handler { (_: Request, context: Context) in
        let left = context.timeLeft
        return .text(left > .seconds(50) && left <= .seconds(60) && context.deadline > .now ? "yes" : "\(left)")
      }, environment: ["exec_timeout": "1m"])
    #expect(try await function.serve { try await $0.call(Request()).text } == "yes")
    #expect(try await function.call(Request()).text == "yes")
  }

  @Test func `is cancelled when its caller leaves`() async throws {
    let arrived = Gate()
    let cancelled = Gate()
    arrived.open()
    let function = TestedFunction(
      Handler { (_: Request) in
        await arrived.pass()
        do {
          try await Task.sleep(for: .seconds(600))
        } catch {
          cancelled.open()
          throw error
        }
        return .text("never")
      })
    try await function.serve { served in
      let client = try RawClient(url: served.url)
      try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      await arrived.arrivals()
      client.close()
      await cancelled.pass()
    }
  }

  @Test func `goes on working in the background after its answer`() async throws {
    let gate = Gate()
    let isDone = Note(false)
    let function = TestedFunction(
      Handler { (_: Request, context: Context) in
        context.inBackground {
          await gate.pass()
          isDone.set(true)
        }
        return .text("answered")
      })
    try await function.serve { served in
      let answer = try await served.call(Request())
      #expect(answer.text == "answered")
      #expect(!isDone.value)
      gate.open()
    }
    #expect(isDone.value, "the end waits for it")
  }
}
