import ApusTelemetry
import Foundation
import Testing

@Suite struct `A log` {
  private let lines = Lines()

  @Test func `writes one JSON object a line`() throws {
    let log = lines.log(at: Timestamp(seconds: 1_795_255_200, nanoseconds: 123_456_789))
    log.info("replica ready", ["function": .string("hello"), "ms": 1.25, "replicas": 2, "cold": true])
    #expect(
      lines.all == [
        #"{"time":"2026-11-21T10:00:00.123456789Z","level":"info","message":"replica ready","#
          + #""function":"hello","ms":1.25,"replicas":2,"cold":true}"# + "\n"
      ])
  }

  @Test func `writes for people`() {
    let log = lines.log(format: .text(isColoured: false)).with(["call": "8f1c"])
    log.warning("queue is long", ["waiting": 40, "of": "all of them", "empty": ""])
    #expect(
      lines.all == [
        "1970-01-01T00:00:00.000Z WARNING queue is long call=8f1c waiting=40 of=\"all of them\" empty=\"\"\n"
      ])
  }

  @Test func `colours only when asked to`() throws {
    lines.log(format: .text(isColoured: true)).error("no", ["a": 1])
    let line = try #require(lines.all.first)
    let bare = line.replacing(/\u{1b}\[[0-9]+m/, with: "")
    #expect(line != bare)
    #expect(bare == "1970-01-01T00:00:00.000Z ERROR   no a=1\n")
  }

  @Test(arguments: LogLevel.allCases) func `writes its level and what is above it`(level: LogLevel) {
    let log = lines.log(level: level)
    for other in LogLevel.allCases { log.log(other, "x") }
    #expect(lines.all.count == LogLevel.allCases.filter { $0 >= level }.count)
  }

  @Test func `makes nothing when its level is off`() {
    var made = 0
    func count() -> String {
      made += 1
      return "x"
    }
    let log = lines.log(level: .warning)
    log.info(count(), ["field": .string(count())])
    Log.nowhere.error(count(), ["field": .string(count())])
    #expect(made == 0)
    log.error(count(), ["field": .string(count())])
    #expect(made == 2)
    #expect(lines.all.count == 1)
  }

  @Test func `changes its level while it runs`() {
    let log = lines.log(level: nil)
    log.error("1")
    log.destination.level = .debug
    log.debug("2")
    log.trace("3")
    log.destination.level = nil
    log.error("4")
    #expect(lines.all.count == 1)
    #expect(log.destination.level == nil)
  }

  @Test func `adds context to every line, and lets a line override it`() throws {
    let log = lines.log().with(["call": "a", "function": "f"]).with(["call": "b"])
    log.info("1", ["function": "g"])
    log.info("2")
    let objects = try lines.all.map(object)
    #expect(objects[0]["call"] as? String == "b")
    #expect(objects[0]["function"] as? String == "g")
    #expect(objects[1]["function"] as? String == "f")
    #expect(lines.all[0].components(separatedBy: "\"function\"").count == 2)
  }

  @Test(arguments: [LogFormat.json, .text(isColoured: false)]) func `never prints a secret`(format: LogFormat) {
    let log = lines.log(format: format).with(["token": .secret("s3cret-1")])
    log.info("signed in", ["password": .secret("s3cret-2"), "key": .secret(["s3cret-3"])])
    #expect(!lines.all.joined().contains("s3cret"))
    #expect(lines.all.joined().components(separatedBy: "***").count == 4)
  }

  /// Line feeds, terminal escapes (also the one-character CSI), line separators, a directional override.
  private static let forgeries = [
    "a\n{\"level\":\"error\"}", "a\r\nb", "\u{1b}[2J", "\u{9b}2J", "\u{7}\u{8}\u{7f}\u{0}",
    "a\u{2028}b\u{2029}c\u{85}d",
    "\u{202e}evil", "\" ,\"x\":\"", "back\\slash \\n", "é 漢 👩‍👩‍👧",
  ]

  @Test(arguments: forgeries) func `can not be made to forge a line`(text: String) throws {
    lines.log().info(text, [text: .string(text)])
    lines.log(format: .text(isColoured: false)).info(text, [text: .string(text)])
    for line in lines.all {
      #expect(line.hasSuffix("\n"))
      for scalar in line.unicodeScalars.dropLast() {
        #expect(scalar.value >= 0x20 && !(0x7f...0x9f).contains(scalar.value))
        #expect(![0x2028, 0x2029, 0x202e].contains(scalar.value))
      }
    }
    // Foundation's parser gets back what was put in.
    let object = try object(lines.all[0])
    #expect(object["message"] as? String == text)
    #expect(object[text] as? String == text)
    #expect(object.count == 4)
  }

  @Test func `keeps its own names`() throws {
    lines.log().info("m", ["time": "t", "level": "l", "message": "x"])
    let object = try object(lines.all[0])
    #expect(object["message"] as? String == "m")
    #expect(object["field.message"] as? String == "x")
    #expect(object.count == 6)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, .leastNonzeroMagnitude, 0.1, -0.0])
  func `writes every number as valid JSON`(number: Double) throws {
    lines.log().info("m", ["x": .double(number), "n": .integer(UInt64.max)])
    let value = try object(lines.all[0])["x"]
    if number.isFinite {
      #expect(value as? Double == number)
    } else {
      #expect(value as? String == number.description)
    }
  }

  @Test func `cuts a long text and says so`() throws {
    lines.log().info(String(repeating: "é", count: 100_000))
    let line = try #require(lines.all.first)
    #expect(line.utf8.count < 10_000)
    #expect(line.contains("bytes more)"))
    #expect(throws: Never.self) { try object(line) }
  }

  private func object(_ line: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }
}

@Suite struct `Standard error` {
  @Test func `gets whole lines`() async throws {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let log = Log(LogDestination(level: .info, format: .json))
      log.info("to the outside")
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("\"message\":\"to the outside\"}\n"))
  }

  @Test func `is never waited for`() async {
    await #expect(processExitsWith: .success) {
      var ends: [CInt] = [-1, -1]
      #expect(pipe(&ends) == 0)
      #expect(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
      #expect(dup2(ends[1], STDERR_FILENO) == STDERR_FILENO)
      let log = Log(LogDestination(level: .info, format: .json))
      // More than the 64 KiB that a pipe holds (pipe(7)).
      let text = String(repeating: "x", count: 1_000)
      for _ in 0..<100 { log.info(text) }
      let lost = StandardError.lostLines
      var buffer = [UInt8](repeating: 0, count: 200_000)
      let count = read(ends[0], &buffer, buffer.count)
      let arrived = buffer.prefix(max(count, 0)).count { $0 == UInt8(ascii: "\n") }
      #expect(lost > 0)
      #expect(arrived + Int(lost) == 100)
    }
  }
}
