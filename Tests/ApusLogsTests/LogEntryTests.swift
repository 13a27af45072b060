import ApusLogs
import ApusModel
import ApusTelemetry
import Foundation
import Instruments
import Testing

@Suite struct `A line on the wire` {
  private let hello: FunctionName

  init() throws { hello = try FunctionName("hello") }

  private func record(_ text: [UInt8], missing: Int = 0, nanoseconds: Int32 = 0) -> LogRecord {
    LogRecord(
      sequence: 1, time: Timestamp(seconds: 1_795_255_200, nanoseconds: nanoseconds), stream: .stderr, instance: "r-1",
      callID: "abc", text: text, bytesMissing: missing)
  }

  private func line(_ record: LogRecord, detail: Bool = false) -> String {
    var bytes: [UInt8] = []
    LogEntry(record, of: hello, detail: detail).append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func `has the members of the contract, in its order`() {
    #expect(
      line(record(Array("a \"b\"".utf8)))
        == #"{"name":"hello","namespace":"openfaas-fn","instance":"r-1","timestamp":"2026-11-21T10:00:00Z","#
        + #""text":"a \"b\"\n"}"#
        + "\n")
    #expect(line(record([]), detail: true).hasSuffix(#""text":"\n","stream":"stderr","call_id":"abc"}"# + "\n"))
  }

  @Test(
    arguments: [(0, "00Z"), (1, "00.000000001Z"), (500_000_000, "00.5Z"), (120, "00.00000012Z")] as [(Int32, String)])
  func `has the time as Go writes it`(nanoseconds: Int32, end: String) {
    #expect(line(record([], nanoseconds: nanoseconds)).contains(#""timestamp":"2026-11-21T10:00:"# + end + "\""))
  }

  @Test func `says where it was cut`() {
    #expect(record(Array("abc".utf8), missing: 7).readableText == "abc…(7 bytes more)\n")
  }

  @Test func `is JSON to jq whatever the function printed`() throws {
    var hostile: [[UInt8]] = (0...255).map { [$0] }
    hostile += (0...255).map { [0x41, $0, 0x80, $0] }
    hostile += ["\u{2028}\u{2029}\u{feff}", "\"}\n{\"text\":\"forged\"}", "\\", "\\u0000", "😀é", ""].map {
      Array($0.utf8)
    }
    hostile += [[0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc0, 0xaf], [0xf0, 0x9f, 0x98]]
    var bytes: [UInt8] = []
    for text in hostile { LogEntry(record(text), of: hello).append(to: &bytes) }
    let scratch = try ScratchFolder()
    let file = URL(fileURLWithPath: scratch.path + "/lines")
    try Data(bytes).write(to: file)

    let jq = Process()
    jq.executableURL = URL(fileURLWithPath: "/usr/bin/jq")
    // One array of code points a line: nothing between jq and us can repair or hide anything.
    jq.arguments = ["-c", ".text | explode", file.path]
    let output = Foundation.Pipe()
    jq.standardOutput = output
    try jq.run()
    let answer = try output.fileHandleForReading.readToEnd() ?? Data()
    jq.waitUntilExit()
    #expect(jq.terminationStatus == 0)
    let expected = hostile.map { text in
      let points = (String(decoding: text, as: UTF8.self) + "\n").unicodeScalars.map { "\($0.value)" }
      return "[" + points.joined(separator: ",") + "]"
    }
    #expect(String(decoding: answer, as: UTF8.self).split(separator: "\n").map { String($0) } == expected)
  }
}
