import Glibc
import Testing

/// Answers that last: what ends them, and what does not.
@Suite(.serialized) struct `A stream through the gateway` {
  private static let limits = #","com.apus.timeout":"1s","com.apus.stream-timeout":"1500ms""#

  private func gateway(_ variables: String = "", labels: String = "") throws -> RunningGateway {
    let gateway = try RunningGateway()
    let members = #","envVars":{\#(variables)},"labels":{\#(labels)}"# + RunningGateway.port(Self.limits)
    #expect(try gateway.deployForeign("foreign", members).status == 202)
    #expect(try gateway.isReady("foreign"))
    return gateway
  }

  @Test func `of events outlives the function's timeout, and ends when it has been silent for its own`() throws {
    let gateway = try gateway(#""events":"6","pause":"0.4""#)
    let started = time(nil)
    let connection = try gateway.connect()
    try connection.send("GET /function/foreign/events HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(try connection.head()["content-type"] == "text/event-stream")
    for index in 0..<6 { #expect(try connection.chunk() == Array("data: \(index)\n\n".utf8)) }
    #expect(throws: (any Error).self) { try connection.chunk() }
    // Six pauses of 0.4 s and 1.5 s of silence.
    #expect((3...12).contains(time(nil) - started))
  }

  @Test func `of another kind ends with the function's timeout`() throws {
    let gateway = try gateway()
    let connection = try gateway.connect()
    try connection.send("GET /function/foreign/slowly HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(try connection.head().status == 200)
    #expect(try connection.chunk() == Array("a".utf8))
    #expect(throws: (any Error).self) { try connection.chunk() }
  }

  @Test func `of a WebSocket lasts, counts as a call, keeps the function awake, and ends when it is silent`() throws {
    let gateway = try gateway(labels: #""com.openfaas.scale.zero-duration":"300ms""#)
    let connection = try gateway.connect()
    let ask = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    try connection.send(
      "GET /function/foreign/ws HTTP/1.1\r\nHost: x\r\n\(ask)Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
    let head = try connection.head()
    #expect(head.status == 101)
    // The example of RFC 6455 section 1.3: the key and its answer went through unchanged.
    #expect(head["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    let series = #"{function_name="foreign.openfaas-fn"}"#
    for _ in 0..<25 {
      usleep(100_000)
      try connection.send("ping")
      #expect(try connection.take(4) == Array("ping".utf8))
    }
    // After 2.5 s: longer than the timeout, the idle time and the zero duration.
    #expect(try gateway.metric("apus_calls_running\(series)") == 1)
    #expect(
      try gateway.metric("apus_replica_starts_total\(series)") == gateway.metric("gateway_service_count\(series)"))
    #expect(throws: (any Error).self) { try connection.take(1) }
    #expect(try gateway.isAsleep("foreign"))
    #expect(try gateway.metric("apus_calls_running\(series)") == 0)
  }
}
