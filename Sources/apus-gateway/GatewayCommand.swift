import ApusAccess
import ApusCommandLine
import ApusIO
import ApusTelemetry

/// What the command line and the environment say.
struct GatewayCommand {
  static let port = Option.value(
    "port", short: "p", .integer(in: 0...65_535), default: "8080", environment: "port",
    help: "TCP port for calls and the API; 0 takes a free one")
  static let address = Option.value(
    "bind-address", .text("ADDRESS"), default: "127.0.0.1", environment: "bind_address",
    help: "Address to listen on, as a number")
  static let metricsPort = Option.optional(
    "metrics-port", .integer(in: 0...65_535), environment: "metrics_port",
    help: "TCP port of /metrics on 127.0.0.1; 8082 if --port is 8080, else a free one")
  static let data = Option.optional(
    "data", .text("FOLDER"), environment: "APUS_DATA",
    help: "Where everything is kept; /var/lib/apus for root, else ~/.local/share/apus")
  static let insecurePublic = Option<Bool>.flag(
    "insecure-public", help: "Listen on a public address without TLS: passwords then travel in clear text")
  static let requireIsolation = Option<Bool>.flag(
    "require-isolation", help: "Do not start unless replicas can be isolated in every way that Apus knows")
  static let noIsolation = Option<Bool>.flag(
    "no-isolation", help: "Let functions see and do all that this user can: for debugging only")
  static let libraries = Option.repeated(
    "libraries", .directory(),
    help: "Folder of shared libraries outside of the system's, which functions that are not static may read")
  static let usage = Command(
    "apus-gateway", "Takes calls, starts replicas of functions, and puts them to sleep",
    options: [port, address, metricsPort, data, insecurePublic, requireIsolation, noIsolation, libraries]
      + RestoreRun.options
  ) { arguments in
    if let restore = try RestoreRun(arguments) { return try restore.run() }
    try GatewayCommand(arguments).run()
  }

  private let address: SocketAddress
  private let metricsAddress: SocketAddress
  private let folder: String
  private let isolation: IsolationWish

  init(_ arguments: ParsedArguments) throws {
    let port = UInt16(clamping: try arguments[Self.port])
    let host = try arguments[Self.address]
    guard let address = SocketAddress(host: host, port: port) else {
      throw GatewayError(
        "\(host) is no address to listen on: give it as a number, such as 127.0.0.1 or ::1")
    }
    try PublicBindRule.check([address], hasTLS: false, insecurePublic: try arguments[Self.insecurePublic])
    self.address = address
    let metricsPort = try arguments[Self.metricsPort].map { UInt16(clamping: $0) } ?? (port == 8080 ? 8082 : 0)
    metricsAddress = .loopback(port: metricsPort)
    folder = try arguments[Self.data] ?? DataFolder.usual
    isolation = try IsolationWish(
      isRequired: try arguments[Self.requireIsolation], isRefused: try arguments[Self.noIsolation],
      libraries: try arguments[Self.libraries])
  }

  private func run() throws {
    let loop = try Loop()
    let log = Log(LogDestination(level: .info, format: .suiting(2, isColourRefused: false)))
    let run = GatewayRun(
      address: address, metricsAddress: metricsAddress, data: try DataFolder(folder),
      isolation: isolation, log: log)
    try loop.runUntilDone { try await run.untilAsked(on: loop) }
  }
}
