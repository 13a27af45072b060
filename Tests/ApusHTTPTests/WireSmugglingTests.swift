import ApusHTTP
import Testing

/// Messages that two readers could cut in different places. Each is refused, or means one thing only.
@Suite struct `A smuggled request` {
  static let refused: [(String, String, WireError.Kind)] = [
    ("CL.TE", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", .lengthWithTransferEncoding),
    ("TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n", .lengthWithTransferEncoding),
    ("two lengths, the same", "Content-Length: 6\r\nContent-Length: 6\r\n", .repeatedContentLength),
    ("two lengths", "Content-Length: 6\r\nContent-Length: 7\r\n", .repeatedContentLength),
    ("a list of lengths", "Content-Length: 6, 7\r\n", .invalidContentLength),
    ("a list of equal lengths", "Content-Length: 6, 6\r\n", .invalidContentLength),
    ("an empty length", "Content-Length: \r\n", .invalidContentLength),
    ("a length with a plus", "Content-Length: +5\r\n", .invalidContentLength),
    ("a negative length", "Content-Length: -5\r\n", .invalidContentLength),
    ("a hexadecimal length", "Content-Length: 0x5\r\n", .invalidContentLength),
    ("a length with a blank in it", "Content-Length: 5 5\r\n", .invalidContentLength),
    ("a fractional length", "Content-Length: 5.0\r\n", .invalidContentLength),
    ("a length beyond 64 bits", "Content-Length: 18446744073709551621\r\n", .invalidContentLength),
    ("a length beyond 63 bits", "Content-Length: 9223372036854775808\r\n", .invalidContentLength),
    ("a huge length", "Content-Length: 9223372036854775807\r\n", .bodyTooLarge),
    ("a bare line feed", "X: a\nContent-Length: 6\r\n", .bareLineFeed),
    ("a bare line feed at the end", "X: a\r\n\nGET / HTTP/1.1\r\n", .bareLineFeed),
    ("a bare carriage return", "X: a\rContent-Length: 6\r\n", .bareCarriageReturn),
    ("a line folded by a blank", "X: a\r\n Content-Length: 6\r\n", .foldedField),
    ("a line folded by a tab", "X: a\r\n\tContent-Length: 6\r\n", .foldedField),
    ("a folded coding", "Transfer-Encoding:\r\n chunked\r\n", .unsupportedTransferCoding),
    ("NUL in a value", "Content-Length: 6\0\r\n", .invalidFieldValue),
    ("NUL in a name", "Content-\0Length: 6\r\n", .invalidFieldName),
    ("a blank before the colon", "Content-Length : 6\r\n", .spaceBeforeColon),
    ("a tab before the colon", "Transfer-Encoding\t: chunked\r\n", .spaceBeforeColon),
    ("a blank before the name", " Transfer-Encoding: chunked\r\n", .foldedField),
    ("xchunked", "Transfer-Encoding: xchunked\r\n", .unsupportedTransferCoding),
    ("chunked twice in a list", "Transfer-Encoding: chunked, chunked\r\n", .unsupportedTransferCoding),
    ("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", .unsupportedTransferCoding),
    (
      "chunked, then identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
      .unsupportedTransferCoding
    ),
    ("identity", "Transfer-Encoding: identity\r\n", .unsupportedTransferCoding),
    ("gzip before chunked", "Transfer-Encoding: gzip, chunked\r\n", .unsupportedTransferCoding),
    ("quoted chunked", "Transfer-Encoding: \"chunked\"\r\n", .unsupportedTransferCoding),
    ("chunked with a parameter", "Transfer-Encoding: chunked;q=1\r\n", .unsupportedTransferCoding),
    ("chunked in a list with nothing", "Transfer-Encoding: ,chunked\r\n", .unsupportedTransferCoding),
    ("an empty coding", "Transfer-Encoding:\r\n", .unsupportedTransferCoding),
    ("chunked behind a vertical tab", "Transfer-Encoding: \u{B}chunked\r\n", .invalidFieldValue),
    (
      "an underscore that some read as a dash",
      "Transfer-Encoding: chunked\r\nContent_Length: 3\r\nContent-Length: 3\r\n",
      .lengthWithTransferEncoding
    ),
  ]

  @Test(arguments: refused)
  func `is refused`(_ name: String, _ fields: String, _ kind: WireError.Kind) {
    #expect(refusal("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n") == kind, "\(name)")
  }

  @Test func `is refused when HTTP/1.0 is chunked`() {
    #expect(refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == .transferEncodingInHTTP10)
  }

  static let normalised: [(String, Framing)] = [
    ("Content-Length: 5 \r\n", .length(5)), ("Content-Length:5\r\n", .length(5)),
    ("Content-Length: \t 5\t\r\n", .length(5)), ("CONTENT-LENGTH: 005\r\n", .length(5)),
    ("Transfer-Encoding:   chunked\r\n", .chunked), ("transfer-encoding:CHUNKED \t\r\n", .chunked),
    ("Content-Length-X: 5\r\n", .none), ("X-Transfer-Encoding: chunked\r\n", .none), ("Content_Length: 5\r\n", .none),
  ]

  @Test(arguments: normalised)
  func `means one thing`(_ fields: String, _ framing: Framing) throws {
    #expect(try request("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n").framing == framing)
  }

  static let chunked: [(String, String, WireError.Kind)] = [
    ("no size", "\r\n", .invalidChunkSize), ("an extension only", ";a\r\n", .invalidChunkSize),
    ("a sign", "+5\r\nhello\r\n", .invalidChunkSize), ("a prefix", "0x5\r\nhello\r\n", .invalidChunkSize),
    ("a blank first", " 5\r\nhello\r\n", .invalidChunkSize), ("a blank last", "5 \r\nhello\r\n", .invalidChunkSize),
    ("a letter", "5g\r\nhello\r\n", .invalidChunkSize),
    ("17 digits", "00000000000000005\r\nhello\r\n", .invalidChunkSize),
    ("64 bits and a little", "10000000000000005\r\nhello\r\n", .invalidChunkSize),
    ("all of 64 bits", "ffffffffffffffff\r\nhello\r\n", .bodyTooLarge),
    ("63 bits", "7fffffffffffffff\r\nhello\r\n", .bodyTooLarge),
    ("a bare line feed after the size", "5\nhello\r\n", .bareLineFeed),
    ("a bare line feed in an extension", "5;a\nhello\r\n", .bareLineFeed),
    ("a bare carriage return after the size", "5\rhello\r\n", .bareCarriageReturn),
    ("a bare carriage return in an extension", "5;a\rb\r\nhello\r\n", .bareCarriageReturn),
    ("NUL in an extension", "5;a\0\r\nhello\r\n", .invalidChunkExtension),
    ("a long extension", "5;\(String(repeating: "a", count: 300))\r\nhello\r\n", .chunkLineTooLong),
    ("data longer than the size", "4\r\nhello\r\n", .invalidChunkEnd),
    ("data that ends in a line feed only", "5\r\nhello\n0\r\n\r\n", .invalidChunkEnd),
    ("data that ends in a carriage return only", "5\r\nhello\r0\r\n\r\n", .invalidChunkEnd),
    ("a last chunk with a line feed only", "0\n\n", .bareLineFeed),
    ("a trailer with a bare line feed", "0\r\nA: b\n\r\n", .bareLineFeed),
    ("a trailer with a blank before the colon", "0\r\nA : b\r\n\r\n", .spaceBeforeColon),
    ("a folded trailer", "0\r\nA: b\r\n c\r\n\r\n", .foldedField),
  ]

  @Test(arguments: chunked)
  func `is refused in its chunks`(_ name: String, _ content: String, _ kind: WireError.Kind) {
    let lines = WireTranscript.ofBody(Array(content.utf8), .chunked, pieces: [])
    #expect(lines.last == "error \(kind)", "\(name)")
  }

  @Test func `is refused when all extensions together are too long`() {
    let chunk = "1;\(String(repeating: "a", count: 200))\r\nx\r\n"
    let few = String(repeating: chunk, count: 80) + "0\r\n\r\n"
    let many = String(repeating: chunk, count: 90) + "0\r\n\r\n"
    #expect(WireTranscript.ofBody(Array(few.utf8), .chunked, pieces: []).last == "left 0")
    #expect(WireTranscript.ofBody(Array(many.utf8), .chunked, pieces: []).last == "error chunkLineTooLong")
  }

  @Test func `does not get its trailers into the head's place`() {
    let content =
      "0\r\nContent-Length: 5\r\nTransfer-Encoding: gzip\r\nHost: b\r\nAuthorization: x\r\nX-Apus-Subject: root\r\n"
      + "Cookie: a\r\nX-Forwarded-For: 1.1.1.1\r\nConnection: close\r\nX-Checksum: 1\r\n\r\n"
    let lines = WireTranscript.ofBody(Array(content.utf8), .chunked, pieces: [])
    #expect(lines == ["content '' finished true", "trailers [X-Checksum=1(other)]", "left 0"])
  }
}
