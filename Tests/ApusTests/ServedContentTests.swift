import Apus
import ApusTesting
import Glibc
import Testing

@Suite struct `The content of a served call` {
  @Test func `leaves piece by piece as it is written`() async throws {
    let gates = [Gate(), Gate()]
    let function = TestedFunction(
      Handler { (_: Request) in
        Response(headers: ["Content-Type": "text/event-stream"]) { writer in
          await gates[0].pass()
          try await writer.write("one")
          await gates[1].pass()
          try await writer.write("two")
        }
      })
    try await function.serve { served in
      let client = try RawClient(url: served.url)
      try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      // Each is read before the handler is let go on, so it can't have waited for what follows.
      let head = RawAnswer(client.receive(through: "\r\n\r\n"))
      #expect(head.header("Transfer-Encoding") == "chunked")
      gates[0].open()
      #expect(client.receive(through: "one") == "3\r\none")
      gates[1].open()
      #expect(client.receive(through: "0\r\n\r\n") == "\r\n3\r\ntwo\r\n0\r\n\r\n")
    }
  }

  @Test func `of a known length says so`() async throws {
    let function = TestedFunction(
      Handler { (_: Request) in
        Response(length: 6) { writer in
          try await writer.write("one")
          try await writer.write("two")
        }
      })
    let answer = try await function.serve { try await $0.call(Request()) }
    #expect(answer.headers["Content-Length"] == "6")
    #expect(answer.text == "onetwo")
  }

  @Test(arguments: ["throws", "too short", "too long"]) func `that goes wrong is cut`(how: String) async throws {
    struct Failure: Error {}
    let function = TestedFunction(
      Handler { (_: Request) in
        Response(length: how == "throws" ? nil : 5) { writer in
          try await writer.write("one")
          if how == "throws" { throw Failure() }
          if how == "too long" { try await writer.write("two") }
        }
      })
    let (text, isEnded) = try await function.serve { served in
      let client = try RawClient(url: served.url)
      try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      return client.receiveAll()
    }
    #expect(isEnded)
    #expect(text.hasSuffix(how == "throws" ? "3\r\none" : "\r\n\r\none"), "\(text)")
  }

  @Test func `is not written for HEAD, even if it had no end`() async throws {
    let function = TestedFunction(
      Handler { (_: Request) in Response { writer in while true { try await writer.write("again") } } })
    let answer = try await function.serve { try await $0.call(Request(.head)) }
    #expect(answer.status == .ok)
    #expect(answer.body.isEmpty)
  }

  @Test func `may be read while the answer is written`() async throws {
    let function = TestedFunction(
      Handler { (request: Request) in
        Response { writer in for try await piece in request.body { try await writer.write(piece) } }
      })
    try await function.serve { served in
      let client = try RawClient(url: served.url)
      try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc")
      _ = client.receive(through: "\r\n\r\n")
      #expect(client.receive(through: "abc").hasSuffix("abc"))
      try client.send("def")
      #expect(client.receive(through: "0\r\n\r\n").contains("def"))
    }
  }

  @Test func `is an error to who reads it after the answer, while the connection goes on`() async throws {
    let gate = Gate()
    let outcome = Note("nothing")
    let function = TestedFunction(
      Handler { (request: Request, context: Context) in
        if request.path == "/next" { return .text("next") }
        context.inBackground {
          await gate.pass()
          do {
            outcome.set("read \(try await request.body.collect().count)")
          } catch {
            outcome.set("\(error)")
          }
        }
        return .text("first")
      })
    try await function.serve { served in
      let client = try RawClient(url: served.url)
      try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
      #expect(client.receiveAnswer().body == "first")
      gate.open()
      try client.send("GET /next HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(client.receiveAnswer().body == "next")
    }
    #expect(outcome.value.contains("read after its answer"), "\(outcome.value)")
  }

  @Test func `that is being read when the answer goes out is waited for`() async throws {
    let reading = Gate()
    reading.open()
    let outcome = Note("nothing")
    let function = TestedFunction(
      Handler { (request: Request, context: Context) in
        if request.path == "/next" { return .text("next") }
        context.inBackground {
          var pieces = request.body.makeAsyncIterator()
          await reading.pass()
          do {
            outcome.set(String(decoding: try await pieces.next() ?? [], as: UTF8.self))
          } catch {
            outcome.set("\(error)")
          }
        }
        await reading.arrivals()
        await Task.yield()
        return .text("first")
      })
    try await function.serve { served in
      let client = try RawClient(url: served.url)
      try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n")
      #expect(client.receiveAnswer().body == "first")
      try client.send("abcGET /next HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(client.receiveAnswer().body == "next")
    }
    #expect(outcome.value == "abc")
  }

  @Test func `read by two tasks at once is an error to one of them`() async throws {
    let function = TestedFunction(
      Handler { (request: Request) in
        async let first = request.body.text()
        async let second = request.body.text()
        let both = [try? await first, try? await second]
        return .text("\(both.count { $0 != nil })")
      })
    try await function.serve { served in
      let client = try RawClient(url: served.url)
      try client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
      #expect(client.receive(through: "\r\n\r\n").hasPrefix("HTTP/1.1 100"))
      try client.send("abc")
      #expect(client.receiveAnswer().body == "1")
    }
  }

  @Test func `is read on the main actor too`() async throws {
    let function = TestedFunction(
      Handler { @MainActor (request: Request) in
        let text = try await request.body.text()
        return Response.text(text + text)
      })
    let answer = try await function.serve { try await $0.call(Request(.post, body: [65, 66])) }
    #expect(answer.text == "ABAB")
  }

  @Test func `that the caller cuts is a 400`() async throws {
    let function = TestedFunction(Handler { (text: String) in text })
    let client = try await function.serve { served in
      let client = try RawClient(url: served.url)
      try client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
      return client.receiveAnswer()
    }
    #expect(client.status == 400)
  }
}
