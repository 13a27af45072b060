import ApusAccess
import ApusArtefacts
import ApusGateway
import ApusHTTP
import ApusIO
import ApusLogs
import ApusStore
import ApusTelemetry
import Glibc

/// One life of the gateway: from what is kept in its folder to the last call.
struct GatewayRun {
  let address: SocketAddress
  let metricsAddress: SocketAddress
  let data: DataFolder
  let isolation: IsolationWish
  let log: Log

  /// What running calls have left when the gateway is asked to end.
  private static let drainTime: Duration = .seconds(30)

  /// Serves until a signal asks it to end. On `loop`, which waits; calls are on loops of their own.
  func untilAsked(on loop: Loop) async throws {
    Signals.ignoreBrokenPipes()
    // A limit on file sizes shall be an error of the write, not our end.
    signal(SIGXFSZ, SIG_IGN)
    OpenFiles.raiseLimit()
    let signals = try Signals([SIGTERM, SIGINT], on: loop)
    defer { signals.close() }

    let stateFolder = try StateFolder(in: data.path)
    let runtime = try RuntimeFolder(recordedIn: data.subfolder("run"), log)
    let state = try openState(stateFolder)
    let grounds = try IsolationGrounds(isolation, data: data, log)
    defer { grounds.remove() }
    // Its thread must live as long as the gateway: replicas end with it.
    let launcher = try LoopGroup(count: 1)
    let gateway = try makeGateway(state, grounds, on: launcher.next(), runtime)
    let group = try LoopGroup()
    let servers = try await listen(on: group, gateway)
    let metrics = try MetricsServer(gateway, metricsAddress, on: loop)
    try gateway.load()
    let logs = state.logs
    let flusher = loop.spawn { await logs.run(on: loop) }
    let endpoints = EndpointsFile(in: try data.subfolder("run"))
    try endpoints.write(gateway: servers.address, metrics: metrics.address)
    log.info("ready", ["url": .string("http://\(servers.address)"), "data": .string(data.path)])
    let notice = ServiceNotice(.current())
    notice?.ready()
    let watchdog = notice.map { notice in loop.spawn { await notice.keepTelling(on: loop) } }

    _ = await signals.next()
    log.info("stopping")
    notice?.stopping()
    loop.spawn {
      if await signals.next() != nil { exit(1) }
    }
    endpoints.remove()
    servers.shutDown(grace: GatewayRun.drainTime)
    await gateway.close(by: .now() + GatewayRun.drainTime, on: loop)
    metrics.shutDown()
    watchdog?.cancel()
    flusher.cancel()
    await flusher.value
    group.shutDown()
    launcher.shutDown()
    withExtendedLifetime(stateFolder) {}
    withExtendedLifetime(runtime) {}
  }

  private func openState(_ folder: borrowing StateFolder) throws -> GatewayState {
    let loaded = try CredentialFolder(path: "\(data.path)/auth").load()
    if loaded.isNew { log.info("made credentials", ["folder": .string("\(data.path)/auth")]) }
    let database = try Database(folder.databasePath)
    // Now, and not when the damaged page is asked for: a backup of today is better than one of then.
    if let damage = try database.complaints().first {
      throw GatewayError(
        "\(folder.databasePath) is damaged: \(damage). Keep a copy of it, then restore a backup (apus restore)")
    }
    let key = StateKey(folder)
    let box = SealedBox(try KeyRing.openOrMake(folder.keyPath))
    let state = GatewayState(
      database, box, try ArtefactStore(data: data.path), LogStore(folder: try data.subfolder("logs")),
      loaded.credentials)
    let lost = try state.secrets.unopenable()
    try key.check(box, lost: lost.count, of: try state.secrets.list().count)
    for entry in lost {
      log.error("a secret can't be opened with this key", ["secret": .string("\(entry.name)")])
    }
    return state
  }

  private func makeGateway(
    _ state: GatewayState, _ grounds: IsolationGrounds, on loop: Loop, _ runtime: RuntimeFolder
  ) throws -> Gateway {
    let programs = ArtefactPrograms(state.artefacts, state.secrets, folder: try runtime.subfolder("k"))
    let provider = ProcessProvider(
      on: loop,
      ProcessProvider.Settings(
        socketFolder: try runtime.subfolder("s"), program: { try programs.program($0, owner: $1) }, logs: state.logs,
        isolation: grounds.settings))
    var settings = GatewaySettings(startsAtOnce: LoopGroup.coreCount, isolation: grounds.report) {
      deployment throws(APIError) in
      try programs.check(deployment)
    }
    settings.content = { programs.content(of: $0) }
    return Gateway(settings, state, provider, control: loop, log: log)
  }

  private func listen(on group: LoopGroup, _ gateway: Gateway) async throws -> GatewayServers {
    try await GatewayServers(address, on: group, gateway, log)
  }
}
