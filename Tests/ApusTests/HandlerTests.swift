import Apus
import ApusTesting
import Testing

@Suite struct `A handler` {
  static let order = Array(#"{"item":"nail","count":3}"#.utf8)

  @Test func `takes text and gives text`() async throws {
    let answer = try await TestedFunction(Handler { (name: String) in "Hello, \(name)" }).call(
      Request(.post, body: Array("Ada".utf8)))
    #expect(answer.status == .ok)
    #expect(answer.text == "Hello, Ada")
    #expect(answer.headers["Content-Type"] == "text/plain; charset=utf-8")
  }

  @Test func `takes text and the context`() async throws {
    let handler = Handler { (text: String, context: Context) in "\(text) for \(context.functionName)" }
    let function = TestedFunction(handler, environment: ["OPENFAAS_NAME": "shop"])
    #expect(try await function.call(Request(.post, body: Array("x".utf8))).text == "x for shop")
  }

  @Test func `takes a value and gives a value`() async throws {
    let function = TestedFunction(Handler { (order: Order) in Receipt(text: "\(order.count) x \(order.item)") })
    let answer = try await function.call(Request(.post, body: Self.order))
    #expect(answer.text == #"{"text":"3 x nail"}"#)
    #expect(answer.headers["Content-Type"] == "application/json")
    #expect(try answer.decode(Receipt.self) == Receipt(text: "3 x nail"))
  }

  @Test func `takes a value and the context`() async throws {
    let handler = Handler { (order: Order, context: Context) in Receipt(text: order.item + context.namespace) }
    let answer = try await TestedFunction(handler).call(Request(.post, body: Self.order))
    #expect(try answer.decode(Receipt.self).text == "nailopenfaas-fn")
  }

  @Test func `sees the request as it is`() async throws {
    let handler = Handler { (request: Request) in
      Response(201, headers: ["X-Was": "\(request.method) \(request.path) \(request.query ?? "-")"])
    }
    let answer = try await TestedFunction(handler).call(Request(.put, "/a%20b", query: "x=1"))
    #expect(answer.status == .created)
    #expect(answer.headers["x-was"] == "PUT /a%20b x=1")
  }

  @Test func `sees the request and the context`() async throws {
    let handler = Handler { (request: Request, context: Context) in
      .text("\(request.headers["A"] ?? "") \(context.callID)")
    }
    let answer = try await TestedFunction(handler).call(Request(headers: ["A": "b", "X-Call-Id": "id-1"]))
    #expect(answer.text == "b id-1")
  }

  @Test func `uses the codec of its author both ways`() async throws {
    let function = TestedFunction(Handler(Shouting()) { (text: String) in text + "!" })
    let answer = try await function.call(Request(.post, body: Array("hey".utf8)))
    #expect(answer.text == "HEY!")
    #expect(answer.headers["Content-Type"] == "text/shouting")
  }

  @Test func `reads a content once, in a test as in production`() async throws {
    let handler = Handler { (request: Request) in
      let first = try await request.body.text()
      let second = try await request.body.text()
      return .text("[\(first)][\(second)]")
    }
    let request = Request(.post, body: Array("x".utf8))
    let function = TestedFunction(handler)
    #expect(try await function.call(request).text == "[x][]")
    #expect(try await function.call(request).text == "[x][]", "the test's request is as it was")
    #expect(try await function.serve { try await $0.call(request).text } == "[x][]")
  }

  @Test func `streams pieces that a test collects`() async throws {
    let handler = Handler { (_: Request) in
      Response { writer in
        try await writer.write("a")
        try await writer.write([98])
      }
    }
    #expect(try await TestedFunction(handler).call(Request()).text == "ab")
  }

  @MainActor @Test func `can be called and served by a test on the main actor`() async throws {
    let function = TestedFunction(Handler { (name: String) in name + name })
    let request = Request(.post, body: Array("x".utf8))
    #expect(try await function.call(request).text == "xx")
    #expect(try await function.serve { try await $0.call(request).text } == "xx")
  }

  @Test func `of sorted JSON sorts its members`() async throws {
    let answer = try await TestedFunction(Handler(JSON(sortsKeys: true)) { (order: Order) in order }).call(
      Request(.post, body: Self.order))
    #expect(answer.text == #"{"count":3,"item":"nail"}"#)
  }
}

/// A codec as an author writes it: text, and louder.
struct Shouting: Codec {
  var contentType: String { "text/shouting" }

  func encode(_ value: some Encodable) throws -> [UInt8] {
    guard let text = value as? String else { throw Problem(.notAcceptable, "Only text can be shouted") }
    return Array(text.uppercased().utf8)
  }

  func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    guard let value = String(decoding: bytes, as: UTF8.self) as? Value else {
      throw Problem(.unsupportedMediaType, "Only text can be shouted")
    }
    return value
  }
}
