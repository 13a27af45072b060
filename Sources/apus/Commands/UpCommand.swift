import ApusCommandLine
import ApusIO
import ApusJSON
import ApusLauncher
import Glibc

/// `apus up`: starts a gateway as its child, brings the stack's functions to it, and stays until Ctrl-C.
struct UpCommand {
  static let port = Option.value(
    "port", short: "p", .integer(in: 0...65_535), default: "8080",
    help: "TCP port of the gateway on 127.0.0.1; 0 takes a free one")
  static let libraries = Option.repeated(
    "libraries", .directory(),
    help: "Folder of shared libraries outside of the system's, which functions that are not static may read")
  static let usage = Command(
    "up", "Start a gateway with the functions of a stack and keep it running until Ctrl-C",
    discussion:
      "Functions with `lang: swift` whose sources are newer than their program are built first.\n\n"
      + statuses,
    options: options
  ) { arguments in try UpCommand(arguments, isDeveloping: false).run() }
  static let options: [any ArgumentDeclaration] = [
    StackFile.option, port, GatewayOptions.data, libraries, DeployCommand.noBuild, output,
  ]
  private static let output = Option.value(
    "output", short: "o", .choice(of: OutputFormat.self), default: "text",
    help: "With json, one object a line: what was deployed, then the gateway's log")

  /// For `dev`, too.
  static let statuses =
    "Exit status: 0 stopped by Ctrl-C, SIGTERM or SIGHUP, 1 the stack is wrong, a build failed, or the gateway did not"
    + " start or ended by itself, 2 wrong command line.\n\nCtrl-C lets running calls end, 30 s at most; a second one"
    + " does not wait. SIGTERM does the same, and so does SIGHUP, which comes when the terminal is closed: nohup keeps"
    + " it running then."

  private let file: String
  private let port: Int
  private let data: LocalData
  private let libraries: [String]
  private let isBuilding: Bool
  private let isDeveloping: Bool
  private let format: OutputFormat

  /// `isDeveloping`: what changes in the sources is built and deployed, until the end.
  init(_ arguments: ParsedArguments, isDeveloping: Bool) throws(UsageError) {
    file = try arguments[StackFile.option]
    port = try arguments[Self.port]
    libraries = try arguments[Self.libraries]
    isBuilding = try !arguments[DeployCommand.noBuild]
    format = try arguments[Self.output]
    self.isDeveloping = isDeveloping
    // What we start is ours: its credentials are meant for it.
    data = LocalData(try arguments[GatewayOptions.data])
  }

  func run() throws {
    let deployment = try StackDeployment(StackFile.read(file), folder: StackFile.folder(of: file))
    // Before our own signals: Ctrl-C ends a build, and us.
    let building = try Loop()
    try building.runUntilDone { try await deployment.build(isAllowed: isBuilding, on: building) }
    let loop = try Loop()
    let failure = try loop.runUntilDone { try await supervise(deployment, on: loop) }
    if let failure { throw CommandError(failure) }
  }

  /// Returns why it ended, if nobody asked it to.
  private func supervise(_ deployment: StackDeployment, on loop: Loop) async throws -> String? {
    Signals.ignoreBrokenPipes()
    let signals = try Signals(Signals.ending, on: loop)
    defer { signals.close() }
    let end = FirstEnd()
    let gateway = try GatewayProcess(port: port, data: data.path, libraries: libraries, on: loop)
    watch(gateway, end, on: loop)
    // From here on: Ctrl-C must end a start that takes its time, too.
    watch(signals, gateway, end, on: loop)
    do {
      let url = try await gateway.waitUntilReady()
      let client = GatewayClient(try GatewayPlace(own: url, data: data), on: loop)
      let failures = try await deployment.run(client)
      guard failures.isEmpty else {
        let lines = failures.map { "\($0) is not deployed: \($1)" }.sorted()
        throw CommandError(lines.joined(separator: "\napus: "))
      }
      try await report(deployment, client, gateway)
      if isDeveloping { try develop(deployment, client, on: loop) }
    } catch {
      gateway.stop()
      while let event = await gateway.nextEvent() { tell(event) }
      await gateway.untilEnded()
      if end.wasAskedFor { return nil }
      throw error
    }
    while let event = await gateway.nextEvent() { tell(event) }
    await gateway.untilEnded()
    return await end.wait()
  }

  private func report(
    _ deployment: StackDeployment, _ client: GatewayClient, _ gateway: GatewayProcess
  ) async throws {
    let states = try await deployment.states(client)
    if format == .json {
      return try OutputFormat.printLine([
        "event": "deployed", "url": .string(client.place.url), "functions": FunctionState.json(states),
      ])
    }
    for line in FunctionState.table(states) { Terminal.say(line) }
    Terminal.say("")
    if let example = deployment.example(client) { Terminal.say("try: \(example)") }
    let made = gateway.madeCredentials ? " (made just now)" : ""
    Terminal.say("admin: \(data.nameFile) and basic-auth-password beside it\(made)")
    Terminal.say("stop: Ctrl-C")
  }

  private func tell(_ event: GatewayEvent) {
    if format == .json { Terminal.say(event.raw) } else { Terminal.note(event.text) }
  }

  private func develop(_ deployment: StackDeployment, _ client: GatewayClient, on loop: Loop) throws {
    let development = LoopBound(try Development(deployment, client, format), to: loop)
    loop.spawn { await development.value.run() }
  }

  private func watch(_ gateway: GatewayProcess, _ end: FirstEnd, on loop: Loop) {
    let bound = LoopBound((gateway, end), to: loop)
    loop.spawn {
      let (gateway, end) = bound.value
      let exit = await gateway.waitForEnd()
      end.come("the gateway ended by itself with \(exit?.description ?? "no status"). Its last lines above say why")
    }
  }

  private func watch(_ signals: Signals, _ gateway: GatewayProcess, _ end: FirstEnd, on loop: Loop) {
    let bound = LoopBound((gateway, end), to: loop)
    loop.spawn {
      guard await signals.next() != nil else { return }
      let (gateway, end) = bound.value
      end.come(nil)
      gateway.stop()
      guard await signals.next() != nil else { return }
      gateway.kill()
    }
  }
}
