import ApusLogs
import Instruments
import Testing

@Suite struct `A line splitter` {
  private func lines(_ chunks: [[UInt8]], limit: Int = 64 << 10) -> [String] {
    var limits = LogLimits()
    limits.lineBytes = limit
    var splitter = LineSplitter(limits: limits)
    var lines: [String] = []
    func note(_ line: LineSplitter.Line) {
      let more = line.bytesMissing > 0 ? "+\(line.bytesMissing)" : ""
      lines.append(String(decoding: line.text, as: UTF8.self) + more)
    }
    for chunk in chunks { chunk.withUnsafeBytes { splitter.take($0, note) } }
    splitter.finish(note)
    splitter.finish(note)
    return lines
  }

  @Test(arguments: [
    ("", []), ("a", ["a"]), ("a\n", ["a"]), ("\n", [""]), ("\n\n", ["", ""]), ("a\nb", ["a", "b"]),
    ("a\n\nb\n", ["a", "", "b"]), ("a\r\nb", ["a\r", "b"]), ("0123456789\nx\n", ["01234567+2", "x"]),
    ("0123456789", ["01234567+2"]), ("01234567\n8", ["01234567", "8"]), ("0123456é\n", ["0123456+2"]),
    ("012345€\n", ["012345+3"]), ("01234é7\nnext", ["01234é7", "next"]),
  ])
  func `makes the same lines however the bytes come`(text: String, expected: [String]) {
    let bytes = Array(text.utf8)
    #expect(lines([bytes], limit: 8) == expected)
    #expect(lines(bytes.map { [$0] }, limit: 8) == expected)
    for first in 0...bytes.count {
      for second in first...bytes.count {
        let chunks = [bytes[..<first], bytes[first..<second], bytes[second...]].map { Array($0) }
        #expect(lines(chunks, limit: 8) == expected)
      }
    }
  }

  @Test func `holds one line's beginning at most`() {
    var splitter = LineSplitter()
    let noise = [UInt8](repeating: 0x41, count: 10_000)
    for _ in 0..<100 { noise.withUnsafeBytes { splitter.take($0) { _ in Issue.record("there was no newline") } } }
    #expect(splitter.heldBytes == 64 << 10)
    var missing = 0
    splitter.finish { missing = $0.bytesMissing }
    #expect(missing == 1_000_000 - 64 << 10)
    #expect(splitter.heldBytes == 0)
  }

  @Test(
    arguments: [
      (#"{"time":"t","message":"m","call_id":"0d6f-1","n":1}"#, "0d6f-1"),
      (#"{"call_id": "spaced" }"#, "spaced"),
      (#"{"call_id" : "wide"}"#, "wide"),
      (#"{"message":"\"call_id\":\"forged\"","call_id":"true-1"}"#, "true-1"),
      (#"{"message":"call_id","call_id":"x"}"#, "x"),
      (#"{"call_id":17}"#, nil),
      (#"{"call_id":""}"#, nil),
      (#"{"call_id":"#, nil),
      (#"{"call_id"#, nil),
      (#"{"my_call_id":"no"}"#, nil),
      ("2026-11-21T10:00:00.000Z INFO    done call_id=abc status=200", "abc"),
      ("2026-11-21T10:00:00.000Z INFO    done \u{1b}[36mcall_id=\u{1b}[0mabc status=200", "abc"),
      ("call_id=start", "start"),
      ("done call_id=\"q\" x", "q"),
      ("done recall_id=abc", nil),
      ("done call_id=", nil),
      ("2026/11/21 10:00:00 stderr: {\"call_id\":\"w\"}", "w"),
      ("2026/11/21 10:00:00 GET / - 200 OK - ContentLength: 13B (0.0005s) [id-9]", "id-9"),
      ("2026/11/21 10:00:00 GET / - 200 OK - ContentLength: 13B (0.0005s) [none]", nil),
      ("an array [1, 2]", nil), ("[x]", nil), ("]", nil), ("", nil), ("_", nil),
      ("call_id=" + String(repeating: "x", count: 128), String(repeating: "x", count: 128)),
      ("call_id=" + String(repeating: "x", count: 129), nil),
    ] as [(String, String?)])
  func `finds the call's id where we or of-watchdog write it`(line: String, expected: String?) {
    var bytes = Array(line.utf8)
    bytes.withUnsafeBytes { text in
      let found = LineSplitter.Line(text: text).callID
      #expect(found.map { String(decoding: $0, as: UTF8.self) } == expected)
    }
    // Cut anywhere, it is never read beyond its end.
    while !bytes.isEmpty {
      bytes.removeLast()
      bytes.withUnsafeBytes { _ = LineSplitter.Line(text: $0).callID }
    }
  }
}

@Suite struct `A crash's tail` {
  private func tail(_ lines: [String], count: Int = 3, bytes: Int = 100) -> [String] {
    var limits = LogLimits()
    limits.crashLines = count
    limits.crashBytes = bytes
    var tail = CrashTail(limits: limits)
    for line in lines { Array(line.utf8).withUnsafeBytes { tail.keep($0) } }
    return tail.lines
  }

  @Test func `keeps the last lines, within its bytes`() {
    #expect(tail([]) == [])
    #expect(tail(["a", "", "b"]) == ["a", "", "b"])
    #expect(tail(["a", "b", "c", "d"]) == ["b", "c", "d"])
    #expect(tail(["12345", "12345", "1"], bytes: 6) == ["12345", "1"])
    #expect(tail(["0123456789", "1"], bytes: 6) == ["1"])
    #expect(tail(["0123456789"], bytes: 6) == ["012345"])
  }

  @Test func `can't drive the terminal that shows it`() {
    #expect(tail(["\u{1b}[2J\u{9b}1m\r\u{202e}\tok\0"]) == [#"\u{1b}[2J\u{9b}1m\u{d}\u{202e}"# + "\tok" + #"\u{0}"#])
  }

  @Test func `hears standard error only`() throws {
    let scratch = try ScratchFolder()
    let ring = LogRing(folder: scratch.path + "/f")
    for stream in [LogStream.stdout, .stderr] {
      var output = ReplicaOutput(ring, instance: "replica-1", stream: stream)
      Array("one\ntwo".utf8).withUnsafeBytes { output.take($0) }
      output.finish()
      #expect(output.crashTail.lines == (stream == .stderr ? ["one", "two"] : []))
    }
    ring.flush()
    #expect(ring.texts() == ["one", "two", "one", "two"])
  }
}
