internal import ApusHTTP
package import ApusIO
internal import ApusModel
internal import ApusTelemetry

/// What the environment tells a function: the of-watchdog contract's names, with its defaults where they make sense
/// without a watchdog. docs/ENVIRONMENT.md lists them.
package struct FunctionSettings: Sendable {
  package var name: String
  package var namespace: String
  /// Nil when a socket was handed over.
  var address: SocketAddress
  var metricsAddress: SocketAddress?
  /// Nil: what the caller's `X-Timeout` says, else 30 s.
  var executionTime: Duration?
  var drainTime: Duration = .seconds(30)
  /// Between not ready and not listening, for balancers that look at `/_/ready` only now and then.
  var notReadyTime: Duration = .zero
  /// Calls at once; 0 for any number.
  var callsAtOnce = 0
  var readyPath: String?
  var readyDescriptor: CInt?
  var logsCalls: Bool
  var logLevel: LogLevel = .info
  var trustedProxies = TrustedProxies()
  var limits = Limits()
  /// What was in the environment and could not be used.
  var warnings: [String] = []

  static let usualExecutionTime: Duration = .seconds(30)

  package init(_ environment: ProcessEnvironment, program: String, isTerminal: Bool) {
    name = environment["OPENFAAS_NAME"] ?? program
    namespace = environment["OPENFAAS_NAMESPACE"] ?? FunctionName.defaultNamespace
    address = .loopback(port: 8080)
    logsCalls = isTerminal
    var reader = SettingsReader(environment)
    let host = reader.host("bind_address") ?? "127.0.0.1"
    address = SocketAddress(host: host, port: reader.port("port") ?? 8080) ?? address
    metricsAddress = SocketAddress(host: host, port: reader.port("metrics_port") ?? 8081)
    executionTime = reader.duration("exec_timeout")
    if let time = reader.duration("read_timeout") { limits.bodyIdle = time }
    if let time = reader.duration("write_timeout") {
      limits.writeIdle = time
      drainTime = time
    }
    notReadyTime = reader.duration("healthcheck_interval") ?? .zero
    callsAtOnce = reader.count("max_inflight") ?? 0
    readyPath = environment["ready_path"].flatMap { $0.isEmpty ? nil : $0 }
    readyDescriptor = reader.count("APUS_READY_FD").map { CInt(clamping: $0) }
    logsCalls = reader.flag("log_calls") ?? isTerminal
    if let level = environment["log_level"] {
      if let known = LogLevel(name: level) { logLevel = known } else { reader.refuse("log_level", "debug, info, …") }
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
    warnings.append("\(name) is \(value), expected \(expected); the default is used")
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
  mutating func duration(_ name: String) -> Duration? {
    guard let text = environment[name] else { return nil }
    if let duration = try? GoDuration.parse(environment: text), duration >= .zero {
      return duration == .zero ? .seconds(86_400) : duration
    }
    refuse(name, "seconds, or a duration like 1m30s")
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
