import ApusIO
import Glibc
import Testing

@Suite struct `A program for each call, whole` {
  private static let mode = ["mode": "serializing"]

  @Test(arguments: [0, 1, 65_537, 3_000_000]) func `gets the body and gives the answer`(count: Int) throws {
    let watchdog = try RunningWatchdog.ready(["fprocess": "cat"].merging(Self.mode) { $1 })
    let body = String(repeating: "a", count: count)
    let answer = try watchdog.ask("POST", body: body)
    #expect(answer.status == 200)
    #expect(answer.body == body)
    #expect(answer.header("Content-Length") == "\(count)")
    #expect(answer.header("X-Duration-Seconds") != nil)
  }

  @Test(arguments: [("echo begun; exit 4", "exit status 4\n"), ("echo begun; kill -9 $$", "signal: killed\n")])
  func `that fails is a 500, whatever it wrote`(script: String, body: String) throws {
    let watchdog = try RunningWatchdog.script(script, Self.mode)
    let answer = try watchdog.ask()
    #expect(answer.status == 500)
    #expect(answer.body == body)
    #expect(answer.header("Content-Type") == "application/octet-stream", "as the contract has it")
    #expect(watchdog.line(with: "GET / - ").contains(" - 500 - "), "and its line says so")
  }

  @Test func `takes no body above the limit`() throws {
    let watchdog = try RunningWatchdog.ready(["fprocess": "cat", "buffer_limit": "1000"].merging(Self.mode) { $1 })
    #expect(try watchdog.ask("POST", body: String(repeating: "a", count: 1000)).status == 200)
    #expect(try watchdog.ask("POST", body: String(repeating: "a", count: 1001)).status == 413)
  }

  @Test func `gives no answer above the limit`() throws {
    let watchdog = try RunningWatchdog.script("yes", ["buffer_limit": "100000"].merging(Self.mode) { $1 })
    let answer = try watchdog.ask()
    #expect(answer.status == 500)
    #expect(answer.body.contains("buffer_limit, 100000 bytes"))
    #expect(watchdog.line(with: "the answer is too long").contains("buffer_limit"))
  }
}
