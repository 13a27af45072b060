import ApusHTTP
import ApusIO
import ApusModel
import ApusWatchdog
import Testing

@Suite struct `Watchdog settings` {
  private static func read(_ environment: [String: String]) -> WatchdogSettings {
    WatchdogSettings(ProcessEnvironment(environment))
  }

  @Test func `are of-watchdog's where nothing is set`() {
    let settings = Self.read(["fprocess": "cat"])
    #expect(settings.mode == .streaming)
    #expect(settings.address == .ipv4(0, port: 8080))
    #expect(settings.metricsAddress == .ipv4(0, port: 8081))
    #expect(settings.limits.bodyIdle == .seconds(30))
    #expect(settings.limits.writeIdle == .seconds(30))
    #expect(settings.drainTime == .seconds(30))
    #expect(settings.notReadyTime == .seconds(30))
    #expect(settings.executionTime == nil)
    #expect(settings.callsAtOnce == 0)
    #expect(settings.prefixesLogs && !settings.logsCallIDs && settings.logsCalls)
    #expect(settings.lineBytes == 65_536)
    #expect(settings.contentType == "application/octet-stream")
    #expect(!settings.buffersBody)
    #expect(settings.staticPath == "/home/app/public")
    #expect(settings.makesLockFile)
    #expect(settings.readyPath == nil)
    #expect(!settings.tokens.isAsked)
    #expect(settings.warnings.isEmpty && settings.mistakes.isEmpty)
  }

  @Test func `are taken as the contract writes them`() {
    let settings = Self.read([
      "mode": "http", "function_process": "node  index.js x", "fprocess": "cat", "port": "9000", "metrics_port": "9001",
      "bind_address": "127.0.0.1", "http_upstream_url": "http://127.0.0.1:3000/api/", "read_timeout": "5",
      "write_timeout": "1m30s", "exec_timeout": "500ms", "healthcheck_interval": "2s", "max_inflight": "4",
      "prefix_logs": "0", "log_buffer_size": "128", "log_call_id": "1", "content_type": "text/plain",
      "buffer_http": "true", "static_path": "/srv", "suppress_lock": "true", "ready_path": "/ready",
      "upstream_restarts": "0", "buffer_limit": "10",
    ])
    #expect(settings.mistakes.isEmpty && settings.warnings.isEmpty, "\(settings.mistakes) \(settings.warnings)")
    #expect(settings.mode == .http)
    #expect(settings.program?.name == "node")
    #expect(settings.program?.arguments == ["index.js", "x"])
    #expect(settings.address == .loopback(port: 9000))
    #expect(settings.metricsAddress == .loopback(port: 9001))
    #expect(settings.upstream?.addresses == [.loopback(port: 3000)])
    #expect(settings.upstream?.prefix == "/api")
    #expect(settings.limits.bodyIdle == .seconds(5))
    #expect(settings.limits.headTime == .seconds(5))
    #expect(settings.drainTime == .seconds(90))
    #expect(settings.executionTime == .milliseconds(500))
    #expect(settings.notReadyTime == .seconds(2))
    #expect(settings.callsAtOnce == 4)
    #expect(!settings.prefixesLogs && settings.logsCallIDs)
    #expect(settings.lineBytes == 128)
    #expect(settings.contentType == "text/plain")
    #expect(settings.buffersBody)
    #expect(settings.staticPath == "/srv")
    #expect(!settings.makesLockFile)
    #expect(settings.readyPath == "/ready")
    #expect(settings.restarts == 0)
    #expect(settings.bufferLimit == 10)
  }

  @Test(arguments: ["log_callid", "log_call_id"]) func `take both names of the call ids in log lines`(name: String) {
    #expect(Self.read(["fprocess": "cat", name: "true"]).logsCallIDs)
  }

  @Test(
    arguments: [
      ("port", "http", "a port from 0 to 65535"), ("read_timeout", "soon", "seconds, or a duration like 1m30s"),
      ("write_timeout", "-1s", "above 0"), ("exec_timeout", "1 s", "seconds, or a duration like 1m30s"),
      ("healthcheck_interval", "x", "seconds, or a duration like 1m30s"), ("max_inflight", "many", "a whole number"),
      ("prefix_logs", "yes", "true or false"), ("log_callid", "yes", "true or false"),
      ("http_buffer_req_body", "yes", "true or false"), ("suppress_lock", "yes", "true or false"),
      ("bind_address", "everywhere", "an address like"), ("upstream_restarts", "-1", "a whole number"),
      ("content_type", "a\nb", "a media type"), ("buffer_limit", "1k", "a whole number"),
      ("jwt_auth_debug", "on", "true or false"),
      ("log_level", "loud", "one of trace"), ("metrics_port", "70000", "a port from 0 to 65535"),
    ])
  func `name a value that can't be read, and what was expected`(name: String, value: String, expected: String) {
    let settings = Self.read(["fprocess": "cat", name: value])
    #expect(settings.mistakes.isEmpty)
    #expect(settings.warnings.count == 1)
    let warning = settings.warnings.first ?? ""
    #expect(warning.hasPrefix("\(name) is ") && warning.contains(expected), "\(warning)")
  }

  @Test(
    arguments: [
      (["fprocess": "cat", "mode": "afterburn"], "mode is \"afterburn\", expected one of http, streaming"),
      (["fprocess": "cat", "mode": "inproc"], "mode is \"inproc\""),
      ([:], "fprocess is not set"),
      (["fprocess": "   "], "fprocess is not set"),
      (["fprocess": "cat", "mode": "http"], "upstream_url is not set"),
      (["fprocess": "cat", "mode": "http", "upstream_url": "127.0.0.1:80"], "upstream_url is \"127.0.0.1:80\""),
      (["fprocess": "cat", "log_buffer_size": "0"], "log_buffer_size is \"0\", expected bytes"),
      (["fprocess": "cat", "log_buffer_size": "big"], "log_buffer_size is \"big\""),
      (["fprocess": "cat", "write_timeout": "0"], "write_timeout is \"0\", expected a time above 0"),
      (["fprocess": "cat", "jwt_auth": "on"], "jwt_auth is \"on\", expected true or false"),
      (["fprocess": "cat", "jwt_auth": "true"], "jwt_auth needs OPENFAAS_NAME"),
      (
        ["fprocess": "cat", "jwt_auth": "1", "OPENFAAS_NAME": "a", "jwt_jwks": "https://x/k", "jwt_issuer": "i"],
        "jwt_jwks is \"https://x/k\""
      ),
      (
        ["fprocess": "cat", "jwt_auth": "1", "OPENFAAS_NAME": "a", "jwt_jwks": "/keys"],
        "jwt_issuer is not set"
      ),
    ])
  func `say why there is no start`(environment: [String: String], mistake: String) {
    let mistakes = Self.read(environment).mistakes
    #expect(mistakes.contains { $0.hasPrefix(mistake) }, "\(mistakes)")
  }

  @Test(
    arguments: [([:], "gateway.openfaas:8080"), (["jwt_auth_local": "true"], "127.0.0.1:8080")]
      as [(
        [String: String], String
      )])
  func `ask the gateway for issuer and keys where nothing else is named`(local: [String: String], place: String) {
    let settings = Self.read(["fprocess": "cat", "jwt_auth": "true", "OPENFAAS_NAME": "a"].merging(local) { $1 })
    #expect(settings.mistakes.isEmpty)
    #expect(settings.tokens.keys == KeyURL("http://\(place)/.well-known/openid-configuration").map { .discovery($0) })
    #expect(settings.tokens.keys != nil)
  }

  @Test func `tell all mistakes at once`() {
    #expect(Self.read(["mode": "http", "write_timeout": "0", "log_buffer_size": "x"]).mistakes.count == 4)
  }

  @Test func `ask no program of a static site`() {
    #expect(Self.read(["mode": "static"]).mistakes.isEmpty)
  }

  @Test func `bound a line also where it was to have no bound`() {
    #expect(Self.read(["fprocess": "cat", "log_buffer_size": "-1"]).lineBytes == WatchdogLimits.lineBytes)
    #expect(Self.read(["fprocess": "cat", "log_buffer_size": "999999999"]).lineBytes == WatchdogLimits.lineBytes)
  }

  @Test(
    arguments: [
      ("http://127.0.0.1:5000", ["127.0.0.1:5000"], ""), ("http://127.0.0.1:5000/", ["127.0.0.1:5000"], ""),
      ("http://localhost:82", ["127.0.0.1:82", "[::1]:82"], ""),
      ("http://localhost", ["127.0.0.1:80", "[::1]:80"], ""),
      ("http://[::1]:82/a/b//", ["[::1]:82"], "/a/b"), ("http://127.0.0.1", ["127.0.0.1:80"], ""),
      ("http://127.0.0.1:1/p?q=1#f", ["127.0.0.1:1"], "/p"), ("unix:/run/app.sock", ["unix:/run/app.sock"], ""),
      ("unix:///run/app.sock", ["unix:/run/app.sock"], ""),
    ])
  func `read where a program listens`(text: String, addresses: [String], prefix: String) {
    let url = UpstreamURL(text)
    #expect(url?.addresses.map(\.description) == addresses)
    #expect(url?.prefix == prefix)
  }

  @Test(
    arguments: [
      "", "http://", "https://127.0.0.1:1", "127.0.0.1:80", "http://example.org:80", "http://127.0.0.1:0",
      "http://127.0.0.1:99999", "http://127.0.0.1:80/a b", "unix:", "ftp://127.0.0.1", "http://u@127.0.0.1:80",
    ])
  func `refuse what is no such place`(text: String) {
    #expect(UpstreamURL(text) == nil)
  }

  @Test func `split a program's words at spaces, without any quoting`() {
    #expect(ProgramWords("bash -c 'a b'")?.arguments == ["-c", "'a", "b'"])
    #expect(ProgramWords("  /bin/cat  ")?.name == "/bin/cat")
    #expect(ProgramWords("cat")?.file(searching: "/nowhere:/usr/bin") == "/usr/bin/cat")
    #expect(ProgramWords("no-such-program")?.file(searching: nil) == nil)
    #expect(ProgramWords("/usr")?.file(searching: nil) == nil, "a folder is no program")
  }
}
