import Glibc
import Testing

/// What HTTP has beside requests and answers, from one end to the other.
@Suite(.serialized) struct `A call at the wire` {
  @Test func `is asked for its body where it waits to be asked`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello")
    let connection = try gateway.connect()
    try connection.send(
      "POST /function/hello HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    #expect(try connection.head().status == 100)
    try connection.send("Ada")
    #expect(try connection.answer().text == "Hello, Ada!")
  }

  @Test func `may name the host in its target, as to a proxy`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "echo", #","envVars":{"FIXTURE":"echo"}"#)
    let connection = try gateway.connect()
    func ask(_ target: String) throws -> WireAnswer {
      try connection.send("GET \(target) HTTP/1.1\r\nHost: wrong.example\r\n\r\n")
      return try connection.answer()
    }
    let called = try ask("http://right.example:81/function/echo/a//b?c=d")
    #expect(called.status == 200)
    #expect(called.text.hasPrefix("GET /a//b?c=d\n"), "\(called.text)")
    // RFC 9112 section 3.2.2: the target's host counts, and the field's does not.
    #expect(called.text.contains("X-Forwarded-Host: right.example:81\n"), "\(called.text)")
    #expect(!called.text.contains("wrong.example"), "\(called.text)")
    #expect(try ask("HTTP://right.example/healthz").status == 200)
    #expect(try ask("http://right.example/function/none").status == 404)
    #expect(try ask("http://right.example").status == 404)
  }

  @Test func `carries trailers both ways`() throws {
    let gateway = try RunningGateway()
    #expect(try gateway.deployForeign("foreign", RunningGateway.port()).status == 202)
    let connection = try gateway.connect()
    try connection.send(
      "POST /function/foreign HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
        + "3\r\nabc\r\n0\r\nX-Sum: 42\r\n\r\n")
    let head = try connection.head()
    #expect(head["transfer-encoding"] == "chunked")
    #expect(try connection.chunk() == Array("ok".utf8))
    #expect(try connection.trailers() == ["X-Sum: 42"])
  }

  @Test func `of HEAD has the head of the answer and no more`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello")
    let connection = try gateway.connect()
    try connection.send("HEAD /function/hello HTTP/1.1\r\nHost: x\r\n\r\n")
    let head = try connection.answer(toHead: true)
    #expect(head.status == 200)
    #expect(head["content-length"] == "13")
    // What came behind it would be taken for this answer.
    try connection.send("GET /function/hello HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(try connection.answer().text == "Hello, World!")
  }

  @Test func `has each line of its answer as it comes`() throws {
    let gateway = try RunningGateway()
    #expect(try gateway.deployForeign("foreign", RunningGateway.port()).status == 202)
    let reader = try gateway.connect()
    try reader.send("GET /function/foreign/lines HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(try reader.head()["content-type"] == "application/x-ndjson")
    #expect(try reader.chunk() == Array("{\"n\":1}\n".utf8))
    // The second line is written only now: the first one waited for nothing.
    #expect(try gateway.curl("/function/foreign/go").body == "gone")
    #expect(try reader.chunk() == Array("{\"n\":2}\n".utf8))
    #expect(try reader.chunk() == nil)
  }

  @Test func `goes whole to the next replica if the first one dies before it is ready`() throws {
    let gateway = try RunningGateway()
    guard try gateway.has("mounts") else { return }
    let annotations = #","com.apus.volume.state":"/data""#
    #expect(try gateway.deployForeign("foreign", RunningGateway.port(annotations)).status == 202)
    #expect(try gateway.isReady("foreign"))
    #expect(try gateway.admin("/system/scale-function/foreign", #"-d '{"replicas":0}'"#).status == 202)
    #expect(try gateway.isAsleep("foreign"))
    // Its next start fails; what was sent meanwhile is more than any buffer on the way holds.
    let body = "\(gateway.folder)/body"
    let mark = "\(gateway.folder)/volumes/openfaas-fn/state/fail"
    #expect(try Shell.run("touch '\(mark)' && head -c 20m /dev/urandom > '\(body)'").status == 0)
    let series = #"apus_replica_starts_total{function_name="foreign.openfaas-fn"}"#
    let before = try #require(try gateway.metric(series))
    let answer = try gateway.curl("/function/foreign/hash", "--data-binary @'\(body)'")
    #expect(answer == .init(status: 200, body: String(try Shell.run("sha1sum < '\(body)'").output.prefix(40))))
    #expect(try gateway.metric(series) == before + 2)
  }
}
