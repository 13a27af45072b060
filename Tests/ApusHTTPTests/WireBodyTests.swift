import ApusHTTP
import Testing

@Suite struct `A body decoder` {
  @Test(arguments: [
    (Framing.length(5), "hello!", ["content 'hello' finished true", "left 1"]),
    (.length(5), "hell", ["content 'hell' finished false", "left 0"]),
    (.chunked, "5\r\nhello\r\n0\r\n\r\nGET", ["content 'hello' finished true", "left 3"]),
    (
      .chunked, "5;a=\"b;c\";d\r\nhello\r\nA\r\n0123456789\r\n000\r\n\r\n",
      ["content 'hello0123456789' finished true", "left 0"]
    ),
    (
      .chunked, "1\r\na\r\n0\r\nA: 1\r\nb:2\r\n\r\n",
      ["content 'a' finished true", "trailers [A=1(other)|b=2(other)]", "left 0"]
    ),
    (.chunked, "5\r\nhel", ["content 'hel' finished false", "left 0"]),
    (.chunked, "00000000000000aF\r\n", ["content '' finished false", "left 0"]),
    (.untilClose, "all of it", ["content 'all of it' finished false", "left 0"]),
  ])
  func `finds the content`(_ framing: Framing, _ input: String, _ lines: [String]) {
    #expect(WireTranscript.ofBody(Array(input.utf8), framing, pieces: []) == lines)
  }

  @Test func `is finished at once when there is nothing`() throws {
    for framing in [Framing.none, .length(0)] {
      var decoder = BodyDecoder(framing, limits: Limits())
      #expect(decoder.isFinished)
      #expect(decoder.remainingLength == 0)
      try decoder.endOfInput()
    }
  }

  @Test func `says when the peer closed too early`() throws {
    for framing in [Framing.length(5), .chunked] {
      var decoder = BodyDecoder(framing, limits: Limits())
      #expect(throws: WireError(.truncated)) { try decoder.endOfInput() }
    }
    var decoder = BodyDecoder(.untilClose, limits: Limits())
    try decoder.endOfInput()
    #expect(decoder.isFinished)
  }

  @Test func `counts what went past it`() {
    var decoder = BodyDecoder(.length(100), limits: Limits())
    #expect(decoder.remainingLength == 100)
    decoder.skip(60)
    #expect(decoder.remainingLength == 40)
    decoder.skip(1_000)
    #expect(decoder.isFinished)
    #expect(BodyDecoder(.chunked, limits: Limits()).remainingLength == nil)
    #expect(BodyDecoder(.untilClose, limits: Limits()).remainingLength == nil)
  }

  @Test func `starts at what is consumed already`() throws {
    var decoder = BodyDecoder(.length(3), limits: Limits())
    var consumed = 2
    let step = try Array("ababc".utf8).withUnsafeBytes { try decoder.next($0, consumed: &consumed) }
    #expect(step == .data(2..<5))
    #expect(consumed == 5)
  }

  @Test(arguments: [
    (Framing.chunked, "5\r\nhello\r\n5\r\nworld\r\n", 9 as UInt64), (.chunked, "a\r\n", 9),
    (.untilClose, "0123456789", 9),
    (.length(10), "0", 9),
  ])
  func `refuses more than the limit`(_ framing: Framing, _ input: String, _ limit: UInt64) {
    var limits = Limits()
    limits.bodyBytes = limit
    #expect(WireTranscript.ofBody(Array(input.utf8), framing, pieces: [], limits: limits).last == "error bodyTooLarge")
    limits.bodyBytes = limit + 1
    #expect(WireTranscript.ofBody(Array(input.utf8), framing, pieces: [], limits: limits).last == "left 0")
  }

  @Test func `bounds the trailers`() {
    var limits = Limits()
    limits.trailerBytes = 32
    let fits = "0\r\nA: \(String(repeating: "x", count: 25))\r\n\r\n"
    #expect(WireTranscript.ofBody(Array(fits.utf8), .chunked, pieces: [], limits: limits).last == "left 0")
    let tooLong = "0\r\nA: \(String(repeating: "x", count: 26))\r\n\r\n"
    let lines = WireTranscript.ofBody(Array(tooLong.utf8), .chunked, pieces: [], limits: limits)
    #expect(lines.last == "error trailersTooLarge")
  }

  @Test func `has no bound when that is chosen`() {
    var limits = Limits()
    limits.bodyBytes = nil
    let lines = WireTranscript.ofBody(Array("ffffffffffffffff\r\nx".utf8), .chunked, pieces: [], limits: limits)
    #expect(lines == ["content 'x' finished false", "left 0"])
  }
}
