import ApusHTTP
import Glibc
import Instruments
import Testing

@Suite struct `A date` {
  /// What the C library writes.
  private func reference(_ seconds: Int64, _ format: String) -> String {
    var parts = tm()
    var time = time_t(seconds)
    gmtime_r(&time, &parts)
    var text = [CChar](repeating: 0, count: 64)
    let count = strftime(&text, text.count, format, &parts)
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  @Test func `is what the C library writes, and is read back`() {
    var random = SeededRandom(3)
    let edges: [Int64] = [0, 86_399, 951_782_399, 951_782_400, 951_868_800, 4_107_542_400, 253_402_300_799]
    for seconds in edges + (0..<2_000).map({ _ in Int64.random(in: 0...253_402_300_799, using: &random) }) {
      let text = HTTPDate.format(seconds)
      #expect(text == reference(seconds, "%a, %d %b %Y %H:%M:%S GMT"))
      #expect(HTTPDate.parse(text) == seconds)
      #expect(HTTPDate.parse(reference(seconds, "%a %b %e %H:%M:%S %Y")) == seconds)
    }
    for seconds in stride(from: 0, to: 3_155_760_000 as Int64, by: 86_400 * 97) {
      #expect(HTTPDate.parse(reference(seconds, "%A, %d-%b-%y %H:%M:%S GMT")) == seconds)
    }
  }

  @Test func `stays within its four digits`() {
    #expect(HTTPDate.format(-1) == "Thu, 01 Jan 1970 00:00:00 GMT")
    #expect(HTTPDate.format(.max) == "Fri, 31 Dec 9999 23:59:59 GMT")
    #expect(String(decoding: HTTPDate.line(0), as: UTF8.self) == "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n")
  }

  @Test(arguments: [
    "", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT ", "sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 29 Feb 1900 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
    "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC",
    "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 0000 08:49:37 GMT", "Son, 06 Nov 1994 08:49:37 GMT",
    "Sunday, 06-Nov-1994 08:49:37 GMT", "Sun Nov 06 08:49:37 94", ",,,", "\u{e9}\u{e9}, ",
  ])
  func `is refused when it is none`(_ text: String) {
    #expect(HTTPDate.parse(text) == nil)
  }
}
