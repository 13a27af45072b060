import ApusHTTP
import Testing

@Suite struct `An exchange's machine` {
  /// What becomes of a call, as words.
  private func steps(_ head: String, _ body: (inout ExchangeMachine) throws(HTTPError) -> Framing?) -> String {
    do {
      var machine = ExchangeMachine(try request(head))
      let framing = try body(&machine)
      let words = framing.map { "\($0)" } ?? "-"
      return "\(words) \(machine.closes ? "closes" : "keeps")"
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, 5 as UInt64?, "length(5) keeps"),
    ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, 0, "length(0) keeps"),
    ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, nil, "chunked keeps"),
    ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 200, nil, "chunked closes"),
    ("GET / HTTP/1.0\r\n\r\n", 200, 5, "length(5) closes"),
    ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, 5, "length(5) keeps"),
    // Nothing but the end of the connection tells an HTTP/1.0 client the end of such a body.
    ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, nil, "untilClose closes"),
    ("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", 200, 5, "length(5) keeps"),
    ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 204, 0, "none keeps"),
    ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 204, nil, "none keeps"),
    // A 304 without a length of its own speaks of no content at all (RFC 9110 section 8.6).
    ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 304, nil, "none keeps"),
    ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 304, nil, "none keeps"),
    ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 304, 5, "length(5) keeps"),
    // RFC 9110 section 9.3.6: what follows a success is a tunnel, not content.
    ("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 200, 5, "none closes"),
    ("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 405, 5, "length(5) keeps"),
  ])
  func `frames an answer`(_ head: String, _ status: Int, _ length: UInt64?, _ outcome: String) {
    let got = steps(head) { machine throws(HTTPError) in try machine.start(status: status, length: length) }
    #expect(got == outcome)
  }

  private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

  @Test(arguments: [
    (["start 5", "write 5", "finish"], "ended"),
    (["start 5", "write 2", "write 3", "finish"], "ended"),
    (["start 5", "write 2", "finish"], "the body is 3 bytes shorter than its declared length"),
    (["start 5", "write 6"], "the body is longer than its declared length, by 1 bytes"),
    (["start", "write 6", "write 600", "finish"], "ended"),
    (["write 1"], "a body was written before the response was started"),
    (["finish"], "the response was never started"),
    (["start", "start"], "the response was started already"),
    (["start", "finish", "finish"], "the response ended already"),
    (["start", "finish", "write 1"], "a body was written after the response ended"),
    (["start", "upgrade"], "the response was started already"),
    (["upgrade", "start"], "the response was started already"),
    (["upgrade", "write 1"], "a body was written after the response ended"),
    (["upgrade"], "upgraded"),
  ])
  func `keeps an answer in order`(_ verbs: [String], _ outcome: String) throws {
    var machine = ExchangeMachine(try request(Self.get))
    var said = ""
    do throws(HTTPError) {
      for verb in verbs { try Self.apply(verb, to: &machine) }
      said = "\(machine.response)"
    } catch {
      said = error.description
    }
    #expect(said.hasPrefix(outcome))
  }

  private static func apply(_ verb: String, to machine: inout ExchangeMachine) throws(HTTPError) {
    let words = verb.split(separator: " ")
    let number = words.count > 1 ? UInt64(words[1]) : nil
    switch words[0] {
    case "start": _ = try machine.start(status: 200, length: number)
    case "write": _ = try machine.write(Int(number ?? 0))
    case "upgrade": try machine.upgrade()
    default: _ = try machine.finish()
    }
  }

  @Test(arguments: [100, 101, 199, 0, -1, 1000])
  func `refuses what is no final status`(_ status: Int) throws {
    var machine = ExchangeMachine(try request(Self.get))
    let framing = try? machine.start(status: status, length: 0)
    #expect(framing == nil)
    #expect(machine.response == .awaited)
  }

  @Test(arguments: [
    (true, false, 0 as UInt64?, false, ExchangeMachine.Next.keepAlive),
    (true, true, 0, false, .closeGently),
    (true, false, 10, false, .drain),
    (true, false, 100, false, .drain),
    (true, false, 101, false, .closeGently),
    (true, false, nil, false, .drain),
    (true, true, 10, false, .closeGently),
    (true, false, 10, true, .closeGently),
    (false, false, 0, false, .abort),
    (false, true, 10, false, .abort),
  ])
  func `decides what follows a call`(
    _ isAnswered: Bool, _ closes: Bool, _ unread: UInt64?, _ peerWaits: Bool, _ next: ExchangeMachine.Next
  ) throws {
    var machine = ExchangeMachine(try request(Self.get))
    if closes { machine.mustClose() }
    _ = try machine.start(status: 200, length: 0)
    if isAnswered { _ = try machine.finish() }
    #expect(machine.next(unread: unread, peerWaits: peerWaits, drainLimit: 100) == next)
  }

  @Test func `aborts a call that nobody answered, and releases one that was upgraded`() throws {
    var machine = ExchangeMachine(try request(Self.get))
    #expect(machine.next(unread: 0, peerWaits: false, drainLimit: 100) == .abort)
    try machine.upgrade()
    #expect(machine.next(unread: 5, peerWaits: false, drainLimit: 100) == .release)
  }
}
