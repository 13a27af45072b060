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

  package static let usualExecutionTime: Duration = .seconds(30)

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

/// Reads settings, and gathers what can't be used instead of stopping at the first.
struct SettingsReader {
  private let environment: ProcessEnvironment
  private(set) var warnings: [String] = []

  init(_ environment: ProcessEnvironment) {
    self.environment = environment
  }

  mutating func refuse(_ name: String, _ expected: String) {
    let value = environment[name].map { "\(QuotedText($0))" } ?? "not set"
    warnings.append("\(name) is \(value), expected \(expected): it counts as not set")
  }

  mutating func port(_ name: String) -> UInt16? {
    guard let text = environment[name] else { return nil }
    if let port = UInt16(text) { return port }
    refuse(name, "a port from 0 to 65535")
    return nil
  }

  mutating func count(_ name: String) -> Int? {
    guard let text = environment[name] else { return nil }
    if let count = Int(text), count >= 0 { return count }
    refuse(name, "a whole number from 0 on")
    return nil
  }

  /// Zero means no limit in the contract; here it is a day, so that no wait is endless.
  mutating func limit(_ name: String) -> Duration? {
    duration(name, from: .zero).map { $0 == .zero ? .seconds(86_400) : $0 }
  }

  mutating func duration(_ name: String, from least: Duration) -> Duration? {
    guard let text = environment[name] else { return nil }
    if let duration = try? GoDuration.parse(environment: text), duration >= least { return duration }
    refuse(name, "seconds, or a duration like 1m30s\(least > .zero ? ", above 0" : "")")
    return nil
  }

  /// 0 to 2 are the standard streams, which stay open.
  mutating func descriptor(_ name: String) -> CInt? {
    guard let text = environment[name] else { return nil }
    if let descriptor = CInt(text), descriptor > 2 { return descriptor }
    refuse(name, "the number of an open descriptor from 3 on")
    return nil
  }

  mutating func flag(_ name: String) -> Bool? {
    switch environment[name] {
    case nil: return nil
    case "true", "1": return true
    case "false", "0": return false
    default:
      refuse(name, "true or false")
      return nil
    }
  }

  mutating func host(_ name: String) -> String? {
    guard let text = environment[name] else { return nil }
    if SocketAddress(host: text, port: 0) != nil { return text }
    refuse(name, "an address like 127.0.0.1 or 0.0.0.0")
    return nil
  }

  mutating func proxies(_ name: String) -> TrustedProxies {
    guard let text = environment[name] else { return TrustedProxies() }
    if let proxies = TrustedProxies(text) { return proxies }
    refuse(name, "addresses or networks like 10.0.0.0/8, separated by commas")
    return TrustedProxies()
  }
}
