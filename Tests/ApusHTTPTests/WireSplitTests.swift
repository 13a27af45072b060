import ApusHTTP
import Testing

/// Bytes come in whatever pieces the network cuts: the result must not depend on it.
@Suite struct `A message cut anywhere` {
  static let pipelined =
    "\r\nPOST /a?b HTTP/1.1\r\nHost: a:80\r\nTransfer-Encoding: chunked\r\nX-Y:  z \r\n\r\n"
    + "5;x=y\r\nhello\r\n01\r\n!\r\n0\r\nA: 1\r\nHost: no\r\nB:\t2\r\n\r\n"
    + "PUT /c HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: x, close\r\n\r\nbody"
    + "GET / HTTP/1.0\r\n\r\nGET /rest"

  static let requests =
    [pipelined] + `A request parser`.good.map(\.text) + `A request parser`.bad.map(\.text)
    + `A smuggled request`.refused.map { "POST / HTTP/1.1\r\nHost: a\r\n\($0.1)\r\n" }
    + `A smuggled request`.chunked.map { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\($0.1)" }

  @Test func `is the pipelined pair it was`() {
    let lines = WireTranscript.ofRequests(Array(`A message cut anywhere`.pipelined.utf8), pieces: [])
    #expect(lines.count == 7)
    #expect(lines.contains("content 'hello!' finished true"))
    #expect(lines.contains("trailers [A=1(other)|B=2(other)]"))
    #expect(lines.contains("content 'body' finished true"))
    #expect(lines.last == "left 9")
  }

  @Test(arguments: requests)
  func `is the same request`(_ text: String) {
    let bytes = Array(text.utf8)
    let whole = WireTranscript.ofRequests(bytes, pieces: [])
    for cut in 0...bytes.count {
      let cutInTwo = WireTranscript.ofRequests(bytes, pieces: [cut])
      #expect(cutInTwo == whole, "cut at \(cut)")
    }
    let byteByByte = WireTranscript.ofRequests(bytes, pieces: bytes.map { _ in 1 })
    #expect(byteByByte == whole)
  }

  @Test(arguments: [
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 Fine\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 404 Not Found\r\n"
      + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\nHTTP/1.0 200\r\n\r\nuntil the end",
    "HTTP/1.1 200 OK\r\nX : y\r\n\r\n", "HTTP/1.1 200 OK\nX: y\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n",
    "HTTP/1.1 204\r\nA: b\r\n\r\nHTTP/1.1 304 \r\n\r\nHTTP/3.0 200 OK\r\n\r\n",
  ])
  func `is the same answer`(_ text: String) {
    let bytes = Array(text.utf8)
    let whole = WireTranscript.ofResponses(bytes, pieces: [])
    for cut in 0...bytes.count {
      #expect(WireTranscript.ofResponses(bytes, pieces: [cut]) == whole, "cut at \(cut)")
    }
    #expect(WireTranscript.ofResponses(bytes, pieces: bytes.map { _ in 1 }) == whole)
  }

  @Test(arguments: [48, 64, 90, 100])
  func `meets the same limit`(_ headBytes: Int) {
    var limits = Limits()
    limits.headBytes = headBytes
    limits.targetBytes = 20
    limits.trailerBytes = 12
    for text in [`A message cut anywhere`.pipelined, "GET /\(String(repeating: "x", count: 200))"] {
      let bytes = Array(text.utf8)
      let whole = WireTranscript.ofRequests(bytes, pieces: [], limits: limits)
      #expect(whole.last?.hasPrefix("error") == true)
      for cut in 0...bytes.count {
        #expect(WireTranscript.ofRequests(bytes, pieces: [cut], limits: limits) == whole, "cut at \(cut)")
      }
      #expect(WireTranscript.ofRequests(bytes, pieces: bytes.map { _ in 1 }, limits: limits) == whole)
    }
  }

  @Test func `is read in linear time`() throws {
    for length in [1_000, 8_000] {
      let fields =
        "X: \(String(repeating: "y", count: length / 2))\r\nY: \(String(repeating: "z", count: length / 2))\r\n"
      let bytes = Array("GET /\(String(repeating: "x", count: length)) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n".utf8)
      var parser = RequestParser(limits: Limits())
      var head = RequestHead()
      var consumed = 0
      try bytes.withUnsafeBytes { input in
        for end in 1...bytes.count {
          #expect(consumed == 0)
          consumed = try parser.parse(UnsafeRawBufferPointer(rebasing: input[..<end]), into: &head)
        }
      }
      #expect(consumed == bytes.count)
      #expect(parser.examinedBytes >= bytes.count)
      #expect(parser.examinedBytes <= 3 * bytes.count)
      var once = RequestParser(limits: Limits())
      _ = try bytes.withUnsafeBytes { try once.parse($0, into: &head) }
      #expect(once.examinedBytes == bytes.count)
    }
  }

  @Test func `is read again from its start when the head is another one`() throws {
    let bytes = Array("GET /a HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n".utf8)
    let whole = WireTranscript.describe(try request(String(decoding: bytes, as: UTF8.self)))
    for cut in 1..<bytes.count {
      var parser = RequestParser(limits: Limits())
      var first = RequestHead()
      var second = RequestHead(
        method: .put, target: "/old", fields: try request("GET / HTTP/1.1\r\nHost: b\r\n\r\n").fields)
      try bytes.withUnsafeBytes { input in
        _ = try parser.parse(UnsafeRawBufferPointer(rebasing: input[..<cut]), into: &first)
        #expect(try parser.parse(input, into: &second) == bytes.count)
      }
      #expect(WireTranscript.describe(second) == whole, "cut at \(cut)")
    }
  }
}
