import ApusHTTP
import ApusIO
import Testing

@Suite struct `An encoder` {
  private func fields(_ pairs: [(String, String)]) throws -> Fields {
    var fields = Fields()
    for (name, value) in pairs { try fields.append(name, value) }
    return fields
  }

  @Test func `writes an answer`() throws {
    let head = ResponseHead(
      status: 200,
      fields: try fields([
        ("Content-Type", "text/plain"), ("Content-Length", "99"), ("Connection", "keep-alive"),
        ("Transfer-Encoding", "gzip"), ("Keep-Alive", "x"), ("Upgrade", "x"), ("Trailer", "x"), ("X-Empty", ""),
      ]))
    let text = written {
      $0.appendHead(head, framing: .length(13), close: false, date: HTTPDate.line(784_111_777))
    }
    let expected =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Empty: \r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
      + "Content-Length: 13\r\n\r\n"
    #expect(text == expected)
  }

  @Test(arguments: [
    (200, Framing.none, false, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    (204, .length(5), false, "HTTP/1.1 204 No Content\r\n\r\n"),
    (304, .none, false, "HTTP/1.1 304 Not Modified\r\n\r\n"),
    (304, .length(5), false, "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"),
    (100, .none, true, "HTTP/1.1 100 Continue\r\n\r\n"),
    (404, .chunked, true, "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"),
    (200, .untilClose, false, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"),
    (299, .length(0), false, "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n"),
    (
      -7, .length(18_446_744_073_709_551_615), false,
      "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 18446744073709551615\r\n\r\n"
    ),
  ])
  func `frames an answer by its status`(_ status: Int, _ framing: Framing, _ close: Bool, _ expected: String) {
    #expect(written { $0.appendHead(ResponseHead(status: status), framing: framing, close: close) } == expected)
  }

  @Test func `switches protocols`() throws {
    let head = ResponseHead(status: 101, fields: try fields([("Upgrade", "websocket"), ("Connection", "x")]))
    let text = written { $0.appendHead(head, framing: .none, close: false) }
    #expect(text == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
  }

  @Test func `keeps the caller's date and tells HTTP/1.0 that it stays`() throws {
    var head = ResponseHead(status: 200, fields: try fields([("Date", "then")]))
    head.minorVersion = 0
    let text = written { $0.appendHead(head, framing: .length(1), close: false, date: HTTPDate.line(0)) }
    #expect(text == "HTTP/1.1 200 OK\r\nDate: then\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n")
  }

  @Test func `lets no phrase, target or method forge a line`() {
    var head = ResponseHead(status: 200)
    head.reason = "O\r\nK: \0"
    #expect(written { $0.appendHead(head, framing: .none, close: false) }.hasPrefix("HTTP/1.1 200 O  K:  \r\n"))
    let request = RequestHead(method: .other("GET / HTTP/1.1\r\nX:"), target: "/a b\r\nX: y#\u{e9}", fields: Fields())
    let text = written { $0.appendHead(request, framing: .none) }
    #expect(text == "INVALID /a%20b%0D%0AX:%20y%23%C3%A9 HTTP/1.1\r\nHost: \r\n\r\n")
  }

  @Test(arguments: [
    (ApusHTTP.Method.get, Framing.none, "GET /p?q HTTP/1.1\r\nHost: a\r\n\r\n"),
    (.post, .none, "POST /p?q HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
    (.put, .length(3), "PUT /p?q HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"),
    (.other("PURGE"), .chunked, "PURGE /p?q HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"),
  ])
  func `writes a request`(_ method: ApusHTTP.Method, _ framing: Framing, _ expected: String) throws {
    let fields = try fields([("Host", "a"), ("TE", "x"), ("Content-Length", "1"), ("Connection", "close")])
    let head = RequestHead(method: method, target: "/p?q", fields: fields)
    #expect(written { $0.appendHead(head, framing: framing) } == expected)
  }

  @Test func `writes what the parsers read`() throws {
    var sent = RequestHead(
      method: .patch, target: "/a/b?c=%20", fields: try fields([("Host", "h:1"), ("X-One", "1"), ("x-one", "2")]))
    sent.wantsUpgrade = true
    try sent.fields.append(.upgrade, "websocket")
    let read = try request(written { $0.appendHead(sent, framing: .chunked, close: true) })
    #expect(read.method == .patch)
    #expect(read.target == "/a/b?c=%20")
    #expect(read.framing == .chunked)
    #expect(read.wantsUpgrade)
    #expect(!read.keepsAlive)
    #expect(read.fields.values("X-ONE") == ["1", "2"])

    let answer = ResponseHead(status: 503, fields: try fields([("Retry-After", "1")]))
    let back = try response(written { $0.appendHead(answer, framing: .length(4), close: true) })
    #expect(back.status == 503)
    #expect(back.reason == nil)
    #expect(back.framing == .length(4))
    #expect(!back.keepsAlive)
    #expect(back.fields[.retryAfter] == "1")
  }

  @Test func `writes chunks that the decoder reads`() throws {
    let trailers = try fields([("X-Sum", "1"), ("Content-Length", "5")])
    let content = (0..<40).map { String(repeating: "x", count: $0 * 7) }
    let text = written { buffer in
      for piece in content { Array(piece.utf8).withUnsafeBytes { buffer.appendChunk($0) } }
      buffer.appendChunkSize(2)
      buffer.append("yz" as StaticString)
      buffer.appendChunkEnd()
      buffer.appendChunkSize(0)
      buffer.appendLastChunk(trailers: trailers)
    }
    let lines = WireTranscript.ofBody(Array(text.utf8), .chunked, pieces: [])
    #expect(lines == ["content '\(content.joined())yz' finished true", "trailers [X-Sum=1(other)]", "left 0"])
    #expect(text.hasSuffix("\r\n2\r\nyz\r\n0\r\nX-Sum: 1\r\n\r\n"))
  }

  @Test func `passes on end-to-end fields only`() throws {
    let fields = try fields([
      ("Host", "a"), ("Connection", "close, X-Secret, cookie, host"), ("X-secret", "1"), ("Cookie", "2"),
      ("X-Other", "3"),
      ("Keep-Alive", "4"), ("TE", "5"), ("Trailer", "6"), ("Transfer-Encoding", "7"), ("Upgrade", "8"),
      ("Proxy-Connection", "9"), ("Proxy-Authorization", "10"), ("Proxy-Authenticate", "11"), ("Content-Length", "12"),
      ("connection", "x-late"), ("X-Late", "13"), ("X-Forwarded-For", "14"), ("Accept", "15"),
    ])
    #expect(written { $0.appendEndToEnd(fields) } == "Host: a\r\nX-Other: 3\r\nX-Forwarded-For: 14\r\nAccept: 15\r\n")
    let text = written { $0.appendEndToEnd(fields, except: [.xForwardedFor, .host]) }
    #expect(text == "X-Other: 3\r\nAccept: 15\r\n")
  }

  @Test func `leaves out what is another name of a field that it leaves out`() throws {
    let fields = try fields([
      ("X_Apus_Subject", "1"), ("x-apus_scopes", "2"), ("X-Apus-New", "3"), ("X_Forwarded-For", "4"),
      ("Transfer_Encoding", "5"), ("X_Own", "6"), ("X-Apu", "7"), ("_", "8"),
    ])
    let kept = written { $0.appendEndToEnd(fields, except: [.xForwardedFor], disguised: true, beginning: "x-apus-") }
    #expect(kept == "X_Own: 6\r\nX-Apu: 7\r\n_: 8\r\n")
    #expect(written { $0.appendEndToEnd(fields, except: [.xForwardedFor]) }.utf8.count > kept.utf8.count * 2)
    let trailers = written { $0.appendLastChunk(trailers: fields) }
    #expect(!trailers.contains("pus") && trailers.contains("X_Own: 6"), "\(trailers)")
  }
}
