import ApusHTTP
import Testing

@Suite struct `An answer parser` {
  @Test(arguments: [
    (
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "200 - 1.1 length(5) keeps true [Content-Length=5(contentLength)]"
    ),
    ("HTTP/1.1 200 Fine\r\n\r\n", "200 Fine 1.1 untilClose keeps false []"),
    ("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "200  1.1 length(0) keeps true [Content-Length=0(contentLength)]"),
    ("HTTP/1.1 599\r\nContent-Length: 0\r\n\r\n", "599 - 1.1 length(0) keeps true [Content-Length=0(contentLength)]"),
    ("HTTP/1.1 100 Continue\r\n\r\n", "100 - 1.1 none keeps true []"),
    ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "101 - 1.1 none keeps true [Upgrade=x(upgrade)]"),
    ("HTTP/1.1 204 No Content\r\n\r\n", "204 - 1.1 none keeps true []"),
    (
      "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
      "304 - 1.1 none keeps true [Content-Length=9(contentLength)]"
    ),
    (
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
      "200 - 1.1 chunked keeps true [Transfer-Encoding=chunked(transferEncoding)]"
    ),
    (
      "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n",
      "200 - 1.0 length(1) keeps false [Content-Length=1(contentLength)]"
    ),
    (
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n",
      "200 - 1.1 length(1) keeps false [Connection=close(connection)|Content-Length=1(contentLength)]"
    ),
    ("HTTP/1.1 200 \u{e9}t\u{e9}\tx\r\n\r\n", "200 \u{e9}t\u{e9}\tx 1.1 untilClose keeps false []"),
  ])
  func `reads`(_ text: String, _ means: String) throws {
    #expect(WireTranscript.describe(try response(text)) == means)
  }

  @Test(arguments: [
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", Framing.chunked),
    ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", Framing.chunked),
    ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n", Framing.chunked),
    ("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", Framing.none),
    ("HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n\r\n", Framing.none),
  ])
  func `does not reuse a connection after framing in doubt`(_ text: String, _ framing: Framing) throws {
    let head = try response(text)
    #expect(head.framing == framing)
    #expect(!head.keepsAlive)
  }

  @Test func `knows that HEAD and CONNECT have no content`() throws {
    let text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
    let head = try response(text, answerTo: .head)
    #expect(head.framing == .none)
    #expect(head.keepsAlive)
    #expect(head.declaredFraming == .length(5))
    #expect(try response(text, answerTo: .connect).framing == .none)
    let refused = "HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\n"
    #expect(try response(refused, answerTo: .connect).framing == .length(5))
  }

  @Test(arguments: [
    ("HTTP/2 200 OK\r\n\r\n", WireError.Kind.malformedStatusLine),
    ("HTTP/2.0 200 OK\r\n\r\n", .unsupportedVersion),
    ("SSH-2.0-OpenSSH\r\n", .malformedStatusLine),
    ("HTTP/1.1  200 OK\r\n\r\n", .malformedStatusLine),
    ("HTTP/1.1 20 OK\r\n\r\n", .malformedStatusLine),
    ("HTTP/1.1 099 OK\r\n\r\n", .malformedStatusLine),
    ("HTTP/1.1 2000 OK\r\n\r\n", .malformedStatusLine),
    ("HTTP/1.1 +20 OK\r\n\r\n", .malformedStatusLine),
    ("HTTP/1.1 200 O\0K\r\n\r\n", .malformedStatusLine),
    ("HTTP/1.1 200 OK\n\r\n", .bareLineFeed),
    ("HTTP/1.1 200\n\r\n", .bareLineFeed),
    ("HTTP/1.1 200 OK\rX\r\n\r\n", .bareCarriageReturn),
    ("HTTP/1.1 200 OK\r\n folded\r\n\r\n", .foldedField),
    ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", .repeatedContentLength),
    ("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n", .invalidContentLength),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .unsupportedTransferCoding),
  ])
  func `refuses`(_ text: String, _ kind: WireError.Kind) {
    #expect(throws: WireError(kind)) { try response(text) }
  }
}
