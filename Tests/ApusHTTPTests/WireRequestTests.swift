import ApusHTTP
import Testing

@Suite struct `A request parser` {
  struct Good: Sendable {
    var text: String
    var means: String
    init(_ text: String, _ means: String) {
      self.text = text
      self.means = means
    }
  }

  static let good = [
    Good(
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / 1.1 none keeps true expects false upgrade false [Host=a(host)]"),
    Good(
      "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / 1.1 none keeps true expects false upgrade false [Host=a(host)]"),
    Good(
      "GET /a?b=c&d HTTP/1.1\r\nhOST:a.example:8080\r\nX-Empty:\r\nX-Blank: \t \r\nX-Trim:\t 1 \t2 \t\r\n\r\n",
      "GET /a?b=c&d 1.1 none keeps true expects false upgrade false "
        + "[hOST=a.example:8080(host)|X-Empty=(other)|X-Blank=(other)|X-Trim=1 \t2(other)]"),
    Good("GET / HTTP/1.0\r\n\r\n", "GET / 1.0 none keeps false expects false upgrade false []"),
    Good(
      "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
      "GET / 1.0 none keeps true expects false upgrade false [Connection=Keep-Alive(connection)]"),
    Good(
      "GET / HTTP/1.0\r\nConnection: close, keep-alive\r\n\r\n",
      "GET / 1.0 none keeps false expects false upgrade false [Connection=close, keep-alive(connection)]"),
    Good(
      "GET / HTTP/1.9\r\nHost: \r\nConnection: ,, CLOSE ,x\r\n\r\n",
      "GET / 1.9 none keeps false expects false upgrade false [Host=(host)|Connection=,, CLOSE ,x(connection)]"),
    Good(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0010\r\nExpect: 100-Continue\r\n\r\n",
      "POST / 1.1 length(10) keeps true expects true upgrade false "
        + "[Host=a(host)|Content-Length=0010(contentLength)|Expect=100-Continue(expect)]"),
    Good(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n",
      "POST / 1.1 length(0) keeps true expects false upgrade false "
        + "[Host=a(host)|Content-Length=0(contentLength)|Expect=100-continue(expect)]"),
    Good(
      "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n",
      "PUT / 1.1 chunked keeps true expects false upgrade false "
        + "[Host=a(host)|Transfer-Encoding=Chunked(transferEncoding)]"),
    Good(
      "GET / HTTP/1.1\r\nHost: [::1]:80\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\r\n",
      "GET / 1.1 none keeps true expects false upgrade true "
        + "[Host=[::1]:80(host)|Upgrade=websocket(upgrade)|Connection=keep-alive, Upgrade(connection)]"),
    Good(
      "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
      "GET / 1.1 none keeps true expects false upgrade false [Host=a(host)|Upgrade=websocket(upgrade)]"),
    Good(
      "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
      "OPTIONS * 1.1 none keeps true expects false upgrade false [Host=a(host)]"),
    Good(
      "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
      "CONNECT a:443 1.1 none keeps true expects false upgrade false [Host=a:443(host)]"),
    Good(
      "M-SEARCH http://a:80?x HTTP/1.1\r\nHost: a\r\n\r\n",
      "M-SEARCH http://a:80?x 1.1 none keeps true expects false upgrade false [Host=a(host)]"),
    Good(
      "GET /{a}|b^`\\ HTTP/1.1\r\nHost: a%20b_c\r\nX: \u{e9}\r\n\r\n",
      "GET /{a}|b^`\\ 1.1 none keeps true expects false upgrade false [Host=a%20b_c(host)|X=\u{e9}(other)]"),
  ]

  @Test(arguments: good)
  func `reads`(_ row: Good) throws {
    #expect(WireTranscript.describe(try request(row.text)) == row.means)
  }

  struct Bad: Sendable {
    var text: String
    var kind: WireError.Kind
    init(_ text: String, _ kind: WireError.Kind) {
      self.text = text
      self.kind = kind
    }
  }

  static let bad =
    badLines
    + [
      "/a b", "a", "a/b", "*/", "?", "//\"", "/#f", "/<", "/é", "/\u{7F}", "http://", "http://u@a/", "http://:80/",
      "http:///a", "ftp://a/", "http://a:x/", "http://[::1/", "/\u{1}",
    ].map { Bad("GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n", $0 == "/a b" ? .malformedRequestLine : .invalidTarget) }
    + ["/", "a", "a:", "a:65536", "a:80/", "http://a:80", ":80"].map {
      Bad("CONNECT \($0) HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget)
    }
    + ["a b", "a/b", "a,b c", "a:b", "a:80:80", "a@b", "[::1", "[]", "[:]", "[g::]", "a:123456", "%zz", "a%2", ":80"]
    .map {
      Bad("GET / HTTP/1.1\r\nHost: \($0)\r\n\r\n", .invalidHost)
    }
    + ["HTTP/2.0", "HTTP/3.1", "HTTP/0.9"].map { Bad("GET / \($0)\r\nHost: a\r\n\r\n", .unsupportedVersion) }
    + ["http/1.1", "HTTP/1", "HTTP/11.1", "HTTP/1.1 ", " HTTP/1.1", "HTTP/1,1", "HTTP/1.10", "HTTPS/1.1", "HTTP/1.x"]
    .map {
      Bad("GET / \($0)\r\nHost: a\r\n\r\n", .malformedRequestLine)
    }

  static let badLines = [
    Bad("GET /\r\nHost: a\r\n\r\n", .malformedRequestLine),
    Bad("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
    Bad(" GET / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
    Bad("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
    Bad("G@T / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
    Bad("\u{16}\u{3}\u{1}\u{2}", .malformedRequestLine),
    Bad("ABCDEFGHIJKLMNOPQRSTUVWXYZ / HTTP/1.1\r\nHost: a\r\n\r\n", .methodTooLong),
    Bad("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion),
    Bad("GET * HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
    Bad("OPTIONS *x HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
    Bad("\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .tooManyEmptyLines),
    Bad("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
    Bad("\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareCarriageReturn),
    Bad("GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
    Bad("GET / HTTP/1.1\rHost: a\r\n\r\n", .bareCarriageReturn),
    Bad("GET / HTTP/1.1\r\nHost: a\r\n\rX: y\r\n\r\n", .bareCarriageReturn),
    Bad("GET / HTTP/1.1\r\nHost: a\r\n\r\r\n", .bareCarriageReturn),
    Bad("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", .bareCarriageReturn),
    Bad("GET / HTTP/1.1\r\n\r\n", .missingHost),
    Bad("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .repeatedHost),
    Bad("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", .repeatedHost),
    Bad("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", .invalidFieldName),
    Bad("GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", .spaceBeforeColon),
    Bad("GET / HTTP/1.1\r\nHost: a\r\nnocolon\r\n\r\n", .invalidFieldName),
    Bad("GET / HTTP/1.1\r\nHost: a\r\nn(ame: x\r\n\r\n", .invalidFieldName),
    Bad("GET / HTTP/1.1\r\nHost: a\r\nn\u{e9}: x\r\n\r\n", .invalidFieldName),
    Bad("GET / HTTP/1.1\r\nHost: a\r\nX: a\u{B}b\r\n\r\n", .invalidFieldValue),
    Bad("GET / HTTP/1.1\r\nHost: a\r\nX: a\u{7F}b\r\n\r\n", .invalidFieldValue),
    Bad(
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: \(String(repeating: "a,", count: 33))\r\n\r\n",
      .tooManyConnectionOptions),
  ]

  @Test(arguments: bad)
  func `refuses`(_ row: Bad) {
    #expect(refusal(row.text) == row.kind, "\(row.text)")
  }

  @Test(arguments: WireError.Kind.allCases)
  func `explains each refusal`(_ kind: WireError.Kind) {
    let error = WireError(kind)
    #expect([400, 413, 414, 431, 501, 505].contains(error.status))
    #expect(error.message.utf8.count > 30)
    #expect(error.message.utf8.count < 250)
    #expect(error.message.contains(":") || error.message.contains(";") || error.message.contains(","))
  }

  @Test func `answers each cause with its status`() {
    let statuses: [(WireError.Kind, Int)] = [
      (.bodyTooLarge, 413), (.targetTooLong, 414), (.headTooLarge, 431), (.tooManyFields, 431),
      (.trailersTooLarge, 431), (.methodTooLong, 501), (.unsupportedTransferCoding, 501), (.unsupportedVersion, 505),
      (.bareLineFeed, 400), (.missingHost, 400), (.repeatedContentLength, 400),
    ]
    for (kind, status) in statuses { #expect(WireError(kind).status == status) }
  }

  @Test func `holds each limit exactly`() {
    var limits = Limits()
    limits.headBytes = 64
    limits.fieldCount = 3
    limits.targetBytes = 10
    limits.bodyBytes = 5
    func head(_ target: String, _ rest: String) -> String { "GET \(target) HTTP/1.1\r\nHost: a\r\n\(rest)\r\n" }
    #expect(refusal(head("/23456789a", ""), limits: limits) == nil)
    #expect(refusal(head("/23456789ab", ""), limits: limits) == .targetTooLong)
    #expect(refusal(head("/", "A: 1\r\nB: 2\r\n"), limits: limits) == nil)
    #expect(refusal(head("/", "A: 1\r\nB: 2\r\nC: 3\r\n"), limits: limits) == .tooManyFields)
    #expect(refusal(head("/", "Content-Length: 5\r\n"), limits: limits) == nil)
    #expect(refusal(head("/", "Content-Length: 6\r\n"), limits: limits) == .bodyTooLarge)
    let room = 64 - head("/", "A: \r\n").utf8.count
    #expect(refusal(head("/", "A: \(String(repeating: "x", count: room))\r\n"), limits: limits) == nil)
    #expect(refusal(head("/", "A: \(String(repeating: "x", count: room + 1))\r\n"), limits: limits) == .headTooLarge)
    #expect(refusal("GET /\(String(repeating: "x", count: 100))", limits: limits) == .targetTooLong)
  }

  @Test func `needs no bound from its limits to be safe`() {
    var limits = Limits()
    limits.headBytes = -1
    limits.fieldCount = .max
    limits.targetBytes = .min
    limits.methodBytes = .max
    #expect(refusal("GET / HTTP/1.1\r\nHost: a\r\n\r\n", limits: limits) != nil)
    limits.headBytes = .max
    limits.targetBytes = .max
    #expect(refusal("GET / HTTP/1.1\r\nHost: a\r\n\r\n", limits: limits) == nil)
  }

  @Test(
    arguments: [
      ("GET", "/a/b?c?d", "/a/b", "c?d"), ("GET", "/?", "/", ""), ("GET", "/a%2Fb", "/a%2Fb", nil),
      ("GET", "http://h:1/p?q", "/p", "q"), ("GET", "HTTPS://h?q", "/", "q"), ("GET", "http://h", "/", nil),
      ("OPTIONS", "*", "*", nil), ("CONNECT", "h:1", "", nil), ("GET", "//x/y", "//x/y", nil),
    ] as [(String, String, String, String?)])
  func `splits a target`(_ method: String, _ target: String, _ path: String, _ query: String?) throws {
    let head = try request("\(method) \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(head.target == target)
    #expect(head.path == path)
    #expect(head.query == query)
    #expect(head.withTarget { $0.count } == target.utf8.count)
  }

  @Test func `prefers the host of an absolute target`() throws {
    #expect(try request("GET http://b:8/ HTTP/1.1\r\nHost: a\r\n\r\n").authority == "b:8")
    #expect(try request("GET / HTTP/1.1\r\nHost: a\r\n\r\n").authority == nil)
  }
}
