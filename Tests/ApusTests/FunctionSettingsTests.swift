import Apus
import ApusContract
import ApusHTTP
import ApusIO
import ApusTelemetry
import Glibc
import Testing

@Suite struct `Function settings` {
  private static func read(_ environment: [String: String], isTerminal: Bool = false) -> FunctionSettings {
    FunctionSettings(ProcessEnvironment(environment), program: "program", isTerminal: isTerminal)
  }

  @Test func `have the defaults that the documentation names`() {
    let settings = Self.read([:])
    #expect(settings.name == "program")
    #expect(settings.namespace == "openfaas-fn")
    #expect("\(settings.address)" == "127.0.0.1:8080")
    #expect(settings.metricsAddress.map { "\($0)" } == "127.0.0.1:8081")
    #expect(settings.executionTime == nil)
    #expect(settings.drainTime == .seconds(30))
    #expect(settings.limits.writeIdle == .seconds(30))
    #expect(settings.limits.bodyIdle == .seconds(30))
    #expect(settings.notReadyTime == .zero)
    #expect(settings.callsAtOnce == 0)
    #expect(settings.readyPath == nil)
    #expect(settings.readyDescriptor == nil)
    #expect(!settings.logsCalls)
    #expect(Self.read([:], isTerminal: true).logsCalls)
    #expect(settings.logLevel.name == "info")
    #expect(settings.trustedProxies == TrustedProxies())
    #expect(settings.warnings.isEmpty)
  }

  @Test func `take what the environment says`() {
    let settings = Self.read([
      "OPENFAAS_NAME": "shop", "OPENFAAS_NAMESPACE": "prod", "port": "9000", "bind_address": "0.0.0.0",
      "metrics_port": "9001", "exec_timeout": "1m30s", "read_timeout": "5", "write_timeout": "7s",
      "healthcheck_interval": "500ms", "max_inflight": "12", "ready_path": "/ready?deep=1", "APUS_READY_FD": "4",
      "log_calls": "true", "log_level": "debug", "trusted_proxies": "10.0.0.0/8",
    ])
    #expect(settings.name == "shop")
    #expect(settings.namespace == "prod")
    #expect("\(settings.address)" == "0.0.0.0:9000")
    #expect(settings.metricsAddress.map { "\($0)" } == "0.0.0.0:9001")
    #expect(settings.executionTime == .seconds(90))
    #expect(settings.limits.bodyIdle == .seconds(5))
    #expect(settings.limits.headTime == .seconds(5))
    #expect(settings.drainTime == .seconds(7))
    #expect(settings.limits.writeIdle == .seconds(7))
    #expect(settings.notReadyTime == .milliseconds(500))
    #expect(settings.callsAtOnce == 12)
    #expect(settings.readyPath == "/ready?deep=1")
    #expect(settings.readyDescriptor == 4)
    #expect(settings.logsCalls)
    #expect(settings.logLevel.name == "debug")
    #expect(settings.trustedProxies.contains("10.1.1.1"))
    #expect(settings.warnings.isEmpty, "\(settings.warnings)")
  }

  @Test(arguments: [
    ("port", "http", "a port from 0 to 65535"), ("port", "65536", "a port"), ("port", "-1", "a port"),
    ("port", "", "a port"), ("metrics_port", "8081tcp", "a port"), ("bind_address", "localhost", "an address"),
    ("bind_address", "", "an address"), ("exec_timeout", "soon", "seconds, or a duration like 1m30s"),
    ("exec_timeout", "-1s", "seconds"), ("exec_timeout", "99999999999999999999", "seconds"),
    ("exec_timeout", "", "seconds"), ("read_timeout", "1.5", "seconds"), ("write_timeout", "1 s", "seconds"),
    ("write_timeout", "0", "above 0"), ("healthcheck_interval", "-5", "seconds"),
    ("max_inflight", "many", "a whole number from 0 on"), ("max_inflight", "-1", "a whole number"),
    ("max_inflight", "99999999999999999999", "a whole number"), ("APUS_READY_FD", "x", "an open descriptor from 3"),
    ("APUS_READY_FD", "2", "an open descriptor"), ("APUS_READY_FD", "99999999999", "an open descriptor"),
    ("log_calls", "yes", "true or false"), ("log_level", "loud", "one of trace, debug, info, warning, error"),
    ("trusted_proxies", "10.0.0.0/99", "addresses or networks"),
  ]) func `that make no sense are named, and count as not set`(name: String, value: String, expected: String) throws {
    let settings = Self.read([name: value])
    #expect(settings.warnings.count == 1)
    let warning = try #require(settings.warnings.first)
    #expect(warning.contains("\(name) is \"\(value)\", expected"), "\(warning)")
    #expect(warning.contains(expected), "\(warning)")
    let usual = Self.read([:])
    #expect(settings.address == usual.address)
    #expect(settings.metricsAddress == usual.metricsAddress)
    #expect(settings.executionTime == nil)
    #expect(settings.drainTime == usual.drainTime)
    #expect(settings.callsAtOnce == 0)
    #expect(settings.readyDescriptor == nil)
    #expect(settings.notReadyTime == .zero)
  }

  @Test func `are all looked at, whatever is wrong with the first`() {
    let settings = Self.read(["port": "x", "exec_timeout": "y", "max_inflight": "z"])
    #expect(settings.warnings.count == 3)
  }

  @Test func `that are empty names are no names`() {
    let settings = Self.read(["OPENFAAS_NAME": "", "OPENFAAS_NAMESPACE": "", "ready_path": ""])
    #expect(settings.name == "program")
    #expect(settings.namespace == "openfaas-fn")
    #expect(settings.readyPath == nil)
  }

  /// Systemd's variables reach whatever the process that they speak to starts.
  @Test func `about another process's sockets hand over nothing`() {
    let own = Self.read(["LISTEN_FDS": "1", "LISTEN_PID": "\(getpid())"])
    let anothers = Self.read(["LISTEN_FDS": "1", "LISTEN_PID": "\(getppid())"])
    #expect(own.isHandedOver)
    #expect(!anothers.isHandedOver)
  }

  @Test func `of zero mean no limit for calls, and no pause before the end`() {
    let settings = Self.read(["exec_timeout": "0", "healthcheck_interval": "0", "read_timeout": "0"])
    #expect(settings.executionTime == .seconds(86_400))
    #expect(settings.limits.bodyIdle == .seconds(86_400))
    #expect(settings.notReadyTime == .zero)
    #expect(settings.warnings.isEmpty)
  }

  @Test(
    arguments: [
      // exec_timeout, X-Timeout, what holds, what says so
      (nil, nil, 30_000, "exec_timeout"), (nil, "5s", 5_000, "X-Timeout"), (nil, "2m", 30_000, "exec_timeout"),
      ("10s", nil, 10_000, "exec_timeout"), ("10s", "5s", 5_000, "X-Timeout"), ("10s", "2m", 10_000, "exec_timeout"),
      ("10s", "10s", 10_000, "exec_timeout"), ("0", "2m", 120_000, "X-Timeout"), (nil, "0s", 30_000, "exec_timeout"),
      (nil, "-5s", 30_000, "exec_timeout"), (nil, "soon", 30_000, "exec_timeout"), (nil, "5", 30_000, "exec_timeout"),
    ] as [(String?, String?, Int, String)])
  func `and X-Timeout say how long a call may take`(own: String?, asked: String?, limit: Int, source: String) {
    var request = Request()
    request.headers["X-Timeout"] = asked
    let time = Self.read(own.map { ["exec_timeout": $0] } ?? [:]).time(of: request)
    #expect(time == CallTime(limit: .milliseconds(limit), source: source))
  }

  @Test func `let a gateway that handed the socket over give more time, and nobody else`() {
    var request = Request()
    request.headers["X-Timeout"] = "2m"
    let handedOver = ["LISTEN_FDS": "1", "LISTEN_PID": "\(getpid())"]
    #expect(Self.read(handedOver).time(of: request).limit == .seconds(120))
    let limited = handedOver.merging(["exec_timeout": "10s"]) { $1 }
    #expect(Self.read(limited).time(of: request).limit == .seconds(10))
  }
}

@Suite struct `Durations in seconds` {
  @Test(arguments: [
    (Duration.zero, "0.000000"), (.microseconds(1), "0.000001"), (.nanoseconds(999), "0.000000"),
    (.milliseconds(1_500), "1.500000"), (.seconds(3_600), "3600.000000"), (.microseconds(999_999), "0.999999"),
    (.seconds(1) + .microseconds(20), "1.000020"),
  ]) func `have six decimals`(duration: Duration, text: String) {
    #expect(Seconds.text(duration) == text)
  }
}
