import ApusLauncher
import Glibc
import Testing

@Suite struct `The forecast function's program` {
  @Test func `answers a forecast, and ends in order`() async throws {
    let program = try StartedProgram.alone("forecast", ["exec_timeout": "60s"])
    _ = program.errors(through: "\"ready\"")
    let values = (0..<60).map { "\(100 + 10 * ($0 % 7) + $0)" }.joined(separator: ",")
    let body = "{\"series\":[\(values)],\"horizon\":3}"
    let answer = try program.ask(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    )
    #expect(answer.status == 200)
    #expect(answer.header("Content-Type") == "application/json")
    #expect(answer.body.hasPrefix("{\"forecast\":[{\"timestamp\":60,\"mean\":"), "\(answer.body)")
    #expect(try program.ask("GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n").body.hasPrefix("{"))
    program.send(SIGTERM)
    #expect(try await program.end().cause == .status(0))
  }
}
