import ApusHTTP
import ApusIO
import Instruments
import Testing

/// Seeded noise: nothing may trap, read too far, or let through what an encoder would not write.
@Suite struct `Mutated input` {
  static let seeds: [[UInt8]] = [
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "GET http://a/b HTTP/1.1\r\nHost: a:1\r\nConnection: close\r\n\r\n",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "5;a\r\nhello\r\n0\r\nA: b\r\n\r\n",
    "ffffffff\r\n", "3\r\nabc\r\n0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
    "HTTP/1.0 204\r\nTransfer-Encoding: chunked\r\n\r\n",
  ].map { Array($0.utf8) }

  static let fragments: [[UInt8]] = [
    "\r\n", "\n", "\r", "\0", " ", "\t", ":", ",", ";", "chunked", "Content-Length: ", "Transfer-Encoding: ",
    "Host: ", "Connection: ", "HTTP/1.1", "ffffffffffffffff", "0\r\n\r\n", "\u{80}", "\r\n\r\n", "http://", "[", "%",
  ].map { Array($0.utf8) }

  private static func mutated(_ random: inout SeededRandom) -> [UInt8] {
    var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1 where place < bytes.count: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: fragments[Int.random(in: 0..<fragments.count, using: &random)], at: place)
      case 3: bytes.removeLast(bytes.count - place)
      default: bytes += seeds[Int.random(in: 0..<seeds.count, using: &random)].prefix(place)
      }
    }
    return bytes
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `gives a request or an error`(_ seed: UInt64) {
    var random = SeededRandom(seed)
    var parser = RequestParser(limits: Limits())
    var head = RequestHead()
    var heads = 0
    for _ in 0..<40_000 {
      let bytes = `Mutated input`.mutated(&random)
      let consumed = bytes.withUnsafeBytes { try? parser.parse($0, into: &head) }
      guard let consumed else {
        // Nothing of a refused head may be left to be taken for a good one.
        if !head.fields.isEmpty { Issue.record("fields left after an error in \(bytes)") }
        continue
      }
      if consumed < 0 || consumed > bytes.count { Issue.record("consumed \(consumed) of \(bytes)") }
      if consumed > 0 {
        heads += 1
        if head.target.utf8.contains(where: { $0 <= 32 }) { Issue.record("target of \(bytes)") }
      } else {
        parser = RequestParser(limits: Limits())
      }
    }
    #expect(heads > 1_000)
  }

  @Test(arguments: 1...2 as ClosedRange<UInt64>)
  func `is read the same in pieces`(_ seed: UInt64) {
    var random = SeededRandom(seed)
    for _ in 0..<2_000 {
      // An error in a line that never ends is seen early by one reader and late by the other; so all lines end.
      let bytes = `Mutated input`.mutated(&random) + Array("\r\n\r\n\r\n\r\n".utf8)
      let cut = Int.random(in: 0...bytes.count, using: &random)
      let whole = WireTranscript.ofRequests(bytes, pieces: [])
      let cutInTwo = WireTranscript.ofRequests(bytes, pieces: [cut])
      if cutInTwo != whole { Issue.record("\(bytes) cut at \(cut): \(cutInTwo) is not \(whole)") }
    }
  }

  @Test(arguments: 1...2 as ClosedRange<UInt64>)
  func `gives an answer or an error`(_ seed: UInt64) {
    var random = SeededRandom(seed)
    var parser = ResponseParser(limits: Limits())
    var head = ResponseHead()
    var heads = 0
    for _ in 0..<30_000 {
      let bytes = `Mutated input`.mutated(&random)
      let consumed = bytes.withUnsafeBytes { try? parser.parse($0, answerTo: .get, into: &head) } ?? 0
      if consumed < 0 || consumed > bytes.count { Issue.record("consumed \(consumed) of \(bytes)") }
      if consumed > 0 { heads += 1 } else { parser = ResponseParser(limits: Limits()) }
    }
    #expect(heads > 1_000)
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func `gives content or an error`(_ seed: UInt64) {
    var random = SeededRandom(seed)
    var finished = 0
    for _ in 0..<30_000 {
      let bytes = `Mutated input`.mutated(&random)
      var decoder = BodyDecoder(.chunked, limits: Limits())
      var consumed = 0
      var steps = 0
      bytes.withUnsafeBytes { input in
        while let step = try? decoder.next(input, consumed: &consumed), case .data(let range) = step {
          steps += 1
          if range.isEmpty || range.upperBound != consumed || steps > bytes.count { return }
        }
      }
      if decoder.isFinished { finished += 1 }
      if consumed > bytes.count || steps > bytes.count { Issue.record("\(consumed) of \(bytes) in \(steps) steps") }
    }
    #expect(finished > 1_000)
  }

  @Test func `that is taken says the same when written again`() {
    var random = SeededRandom(7)
    var compared = 0
    for _ in 0..<8_000 {
      let bytes = `Mutated input`.mutated(&random)
      guard let first = try? request(String(decoding: bytes, as: UTF8.self)), first.target != "/INCOMPLETE" else {
        continue
      }
      guard first.method.name != "INCOMPLETE" else { continue }
      let text = written { $0.appendHead(first, framing: first.framing, close: !first.keepsAlive) }
      guard let second = try? request(text) else {
        Issue.record("refused what we wrote: \(text)")
        continue
      }
      compared += 1
      let isSame =
        second.method == first.method && second.target == first.target && second.keepsAlive == first.keepsAlive
        && (second.framing == first.framing || first.framing == .none && second.framing == .length(0))
      if !isSame { Issue.record("\(WireTranscript.describe(first)) became \(WireTranscript.describe(second))") }
    }
    #expect(compared > 500)
  }
}
