package import ApusContract
package import ApusHTTP
package import ApusIO
internal import ApusModel
package import ApusTelemetry
internal import Glibc

/// What the environment tells a function: the of-watchdog contract's names, with its defaults where they make sense
/// without a watchdog. docs/ENVIRONMENT.md lists them.
package struct FunctionSettings: Sendable {
  package var name: String
  package var namespace: String
  /// Where it listens when it was handed no socket.
  package var address: SocketAddress
  package var metricsAddress: SocketAddress?
  /// The socket was handed over, so the callers come through who did that.
  package var isHandedOver = false
  /// Nil if it was not set: then it is 30 s, or what a gateway says.
  package var executionTime: Duration?
  package var drainTime: Duration = .seconds(30)
  /// Between not ready and not listening, for balancers that look at `/_/ready` only now and then.
  package var notReadyTime: Duration = .zero
  /// Calls at once; 0 for any number.
  package var callsAtOnce = 0
  package var readyPath: String?
  package var readyDescriptor: CInt?
  package var logsCalls: Bool
  package var logLevel: LogLevel = .info
  package var trustedProxies = TrustedProxies()
  package var limits = Limits()
  /// What was in the environment and could not be used.
  package var warnings: [String] = []

  package init(_ environment: ProcessEnvironment, program: String, isTerminal: Bool) {
    name = environment["OPENFAAS_NAME"].flatMap { $0.isEmpty ? nil : $0 } ?? program
    namespace = environment["OPENFAAS_NAMESPACE"].flatMap { $0.isEmpty ? nil : $0 } ?? FunctionName.defaultNamespace
    address = .loopback(port: 8080)
    logsCalls = isTerminal
    var reader = SettingsReader(environment)
    let host = reader.host("bind_address") ?? "127.0.0.1"
    address = SocketAddress(host: host, port: reader.port("port") ?? 8080) ?? address
    metricsAddress = SocketAddress(host: host, port: reader.port("metrics_port") ?? 8081)
    // What can't be read ends the start later, with its reason.
    isHandedOver = (try? InheritedSockets.promised(by: environment, to: getpid()))?.isEmpty == false
    executionTime = reader.limit("exec_timeout")
    if let time = reader.limit("read_timeout") {
      limits.bodyIdle = time
      limits.headTime = min(limits.headTime, time)
    }
    if let time = reader.duration("write_timeout", from: .nanoseconds(1)) {
      limits.writeIdle = time
      drainTime = time
    }
    notReadyTime = reader.duration("healthcheck_interval", from: .zero) ?? .zero
    callsAtOnce = reader.count("max_inflight") ?? 0
    readyPath = environment["ready_path"].flatMap { $0.isEmpty ? nil : $0 }
    readyDescriptor = reader.descriptor("APUS_READY_FD")
    logsCalls = reader.flag("log_calls") ?? isTerminal
    if let level = environment["log_level"] {
      let names = LogLevel.allCases.map(\.name).joined(separator: ", ")
      if let known = LogLevel(name: level) { logLevel = known } else { reader.refuse("log_level", "one of \(names)") }
    }
    trustedProxies = reader.proxies("trusted_proxies")
    warnings = reader.warnings
  }
}

extension FunctionSettings {
  /// How long a call of `request` may take.
  package func time(of request: Request) -> CallTime {
    CallTime(own: executionTime, asked: request.headers["X-Timeout"], isHandedOver: isHandedOver)
  }
}
