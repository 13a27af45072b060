import ApusCommandLine
import ApusIO
import ApusTelemetry

/// What the command line and the environment say.
struct GatewayCommand {
  static let metricsPort = Option.optional(
    "metrics-port", .integer(in: 0...65_535), environment: "metrics_port",
    help: "TCP port of /metrics on 127.0.0.1; 8082 if --port is 8080, else a free one")
  static let data = Option.optional(
    "data", .text("FOLDER"), environment: "APUS_DATA",
    help: "Where everything is kept; /var/lib/apus for root, else ~/.local/share/apus")
  static let requireIsolation = Option<Bool>.flag(
    "require-isolation", help: "Do not start unless replicas can be isolated in every way that Apus knows")
  static let noIsolation = Option<Bool>.flag(
    "no-isolation", help: "Let functions see and do all that this user can: for debugging only")
  static let libraries = Option.repeated(
    "libraries", .directory(),
    help: "Folder of shared libraries outside of the system's, which functions that are not static may read")
  static let newKey = Option<Bool>.flag(
    "new-key", help: "If the key to the secrets is lost, make a new one: each secret then wants a new value")
  static let usage = Command(
    "apus-gateway", "Takes calls, starts replicas of functions, and puts them to sleep",
    discussion:
      "SIGTERM and SIGINT end it in order: running calls have 30 s. SIGHUP has it read its certificate and the"
      + " administrator's password again; where standard error is a terminal, which then went away, it ends.",
    options: ListenerWish.options + [metricsPort, data, requireIsolation, noIsolation, libraries, newKey]
      + RestoreRun.options
  ) { arguments in
    if let restore = try RestoreRun(arguments) { return try restore.run() }
    try GatewayCommand(arguments).run()
  }

  private let listener: ListenerWish
  private let metricsAddress: SocketAddress
  private let folder: String
  private let isolation: IsolationWish
  private let mayMakeNewKey: Bool

  init(_ arguments: ParsedArguments) throws {
    listener = try ListenerWish(arguments)
    let usual: UInt16 = listener.address.port == 8080 ? 8082 : 0
    metricsAddress = .loopback(port: try arguments[Self.metricsPort].map { UInt16(clamping: $0) } ?? usual)
    folder = try arguments[Self.data] ?? DataFolder.usual
    isolation = try IsolationWish(
      isRequired: try arguments[Self.requireIsolation], isRefused: try arguments[Self.noIsolation],
      libraries: try arguments[Self.libraries])
    mayMakeNewKey = try arguments[Self.newKey]
  }

  private func run() throws {
    let loop = try Loop()
    let log = Log(LogDestination(level: .info, format: .suiting(2, isColourRefused: false)))
    let run = GatewayRun(
      listener: listener, metricsAddress: metricsAddress, data: try DataFolder(folder),
      isolation: isolation, mayMakeNewKey: mayMakeNewKey, log: log)
    try loop.runUntilDone { try await run.untilAsked(on: loop) }
  }
}
