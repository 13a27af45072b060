import ApusContract
package import ApusHTTP
package import ApusIO
package import ApusModel
package import ApusTelemetry
import Glibc

/// What the environment tells the watchdog: of-watchdog's names and defaults. docs/ENVIRONMENT.md lists them.
package struct WatchdogSettings: Sendable {
  package var name: FunctionName?
  package var mode: WatchdogMode = .streaming
  package var program: ProgramWords?
  package var upstream: UpstreamURL?
  package var staticPath = "/home/app/public"
  /// Where it listens when it was handed no socket.
  package var address: SocketAddress
  package var metricsAddress: SocketAddress?
  package var isHandedOver = false
  package var readyDescriptor: CInt?

  /// Nil if it was not set: then it is 30 s, or what a gateway says.
  package var executionTime: Duration?
  package var drainTime: Duration = .seconds(30)
  package var notReadyTime: Duration = .seconds(30)
  package var limits = Limits()
  /// Calls at once; 0 for any number.
  package var callsAtOnce = 0
  package var readyPath: String?
  package var makesLockFile = true
  /// How often in a row the program of http mode may end before its time, and is started again.
  package var restarts = 5

  package var contentType = "application/octet-stream"
  package var buffersBody = false
  /// Bytes of a body, and of an output, that are held whole.
  package var bufferLimit = 32 << 20

  package var prefixesLogs = true
  /// Bytes of one line of a program's output.
  package var lineBytes = 64 << 10
  package var logsCallIDs = false
  package var logsCalls = true
  package var logLevel: LogLevel = .info
  package var tokens = TokenSettings()

  /// What could not be used, and counts as not set.
  package var warnings: [String] = []
  /// Why there is no start.
  package var mistakes: [String] = []

  package init(_ environment: ProcessEnvironment) {
    var reader = SettingsReader(environment)
    let host = reader.host("bind_address") ?? "0.0.0.0"
    // The host was read as an address.
    address = SocketAddress(host: host, port: reader.port("port") ?? 8080) ?? .loopback(port: 8080)
    metricsAddress = SocketAddress(host: host, port: reader.port("metrics_port") ?? 8081)
    // What can't be read ends the start later, with its reason.
    isHandedOver = (try? InheritedSockets.promised(by: environment, to: getpid()))?.isEmpty == false
    readyDescriptor = reader.descriptor("APUS_READY_FD")
    readIdentity(environment)
    readMode(environment)
    readTimes(environment, &reader)
    readOutput(environment, &reader)
    callsAtOnce = reader.count("max_inflight") ?? 0
    readyPath = environment["ready_path"].flatMap { $0.isEmpty ? nil : $0 }
    makesLockFile = !(reader.flag("suppress_lock") ?? false)
    restarts = reader.count("upstream_restarts") ?? restarts
    tokens = TokenSettings(environment, &reader)
    if tokens.isAsked, name == nil { mistakes.append("jwt_auth needs OPENFAAS_NAME, the function's name") }
    mistakes += tokens.mistakes
    warnings += reader.warnings
  }

  private mutating func readIdentity(_ environment: ProcessEnvironment) {
    guard let given = environment["OPENFAAS_NAME"], !given.isEmpty else { return }
    let namespace = environment["OPENFAAS_NAMESPACE"].flatMap { $0.isEmpty ? nil : $0 } ?? KubernetesFiles.namespace
    do {
      name = try FunctionName(name: given, namespace: namespace ?? FunctionName.defaultNamespace)
    } catch {
      warnings.append("OPENFAAS_NAME and OPENFAAS_NAMESPACE name no function: \(error)")
    }
  }

  private mutating func readMode(_ environment: ProcessEnvironment) {
    if let text = environment["mode"], !text.isEmpty {
      guard let known = WatchdogMode(rawValue: text) else {
        mistakes.append("mode is \(QuotedText(text)), expected one of \(WatchdogMode.names)")
        return
      }
      mode = known
    }
    // Of two names of one setting the second wins, as in the contract.
    program = (environment["function_process"] ?? environment["fprocess"]).flatMap(ProgramWords.init)
    if program == nil, mode != .static {
      mistakes.append("fprocess is not set, expected the program to start, with its arguments, for mode \(mode)")
    }
    if let path = environment["static_path"], !path.isEmpty { staticPath = path }
    guard mode == .http else { return }
    let url = environment["http_upstream_url"] ?? environment["upstream_url"]
    upstream = url.flatMap { UpstreamURL($0) }
    if upstream == nil {
      let given = url.map { "\(QuotedText($0))" } ?? "not set"
      mistakes.append("upstream_url is \(given), expected \(UpstreamURL.expected), for mode http")
    }
  }

  private mutating func readTimes(_ environment: ProcessEnvironment, _ reader: inout SettingsReader) {
    executionTime = reader.limit("exec_timeout")
    if let time = reader.limit("read_timeout") {
      limits.bodyIdle = time
      limits.headTime = min(limits.headTime, time)
    }
    if let text = environment["write_timeout"], (try? GoDuration.parse(environment: text)) == .zero {
      mistakes.append("write_timeout is \(QuotedText(text)), expected a time above 0: no call could end")
    } else if let time = reader.duration("write_timeout", from: .nanoseconds(1)) {
      limits.writeIdle = time
      drainTime = time
    }
    // Who handed the socket over sends calls elsewhere before it asks us to end.
    let usual = isHandedOver ? .zero : drainTime
    notReadyTime = reader.duration("healthcheck_interval", from: .zero) ?? usual
  }

  private mutating func readOutput(_ environment: ProcessEnvironment, _ reader: inout SettingsReader) {
    if let type = environment["content_type"], !type.isEmpty {
      var probe = Fields()
      if (try? probe.append(.contentType, type)) == nil {
        reader.refuse("content_type", "a media type, without line breaks")
      } else {
        contentType = type
      }
    }
    buffersBody = reader.flag("buffer_http") ?? reader.flag("http_buffer_req_body") ?? false
    bufferLimit = reader.count("buffer_limit") ?? bufferLimit
    prefixesLogs = reader.goFlag("prefix_logs") ?? true
    logsCallIDs = reader.goFlag("log_callid") ?? reader.goFlag("log_call_id") ?? false
    logsCalls = reader.flag("log_calls") ?? !isHandedOver
    if let level = environment["log_level"] {
      let names = LogLevel.allCases.map(\.name).joined(separator: ", ")
      if let known = LogLevel(name: level) { logLevel = known } else { reader.refuse("log_level", "one of \(names)") }
    }
    guard let size = environment["log_buffer_size"] else { return }
    switch Int(size) {
    // Unbounded is what nothing here is.
    case -1: lineBytes = WatchdogLimits.lineBytes
    case let count? where count > 0: lineBytes = min(count, WatchdogLimits.lineBytes)
    default: mistakes.append("log_buffer_size is \(QuotedText(size)), expected bytes, a whole number above 0, or -1")
    }
  }
}
