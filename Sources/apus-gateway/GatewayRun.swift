import ApusAccess
import ApusArtefacts
import ApusGateway
import ApusHTTP
import ApusIO
import ApusLogs
import ApusStore
import ApusTLS
import ApusTelemetry
import CLinux
import Glibc

/// One life of the gateway: from what is kept in its folder to the last call.
struct GatewayRun {
  let listener: ListenerWish
  let metricsAddress: SocketAddress
  let data: DataFolder
  let isolation: IsolationWish
  /// The operator knows that the key is lost.
  let mayMakeNewKey: Bool
  let log: Log

  /// What running calls have left when the gateway is asked to end.
  private static let drainTime: Duration = .seconds(30)

  /// What they have to notice that they were cut.
  private static let cutTime: Duration = .seconds(2)

  /// Serves until a signal asks it to end. On `loop`, which waits; calls are on loops of their own.
  func untilAsked(on loop: Loop) async throws {
    Signals.ignoreBrokenPipes()
    // A limit on file sizes shall be an error of the write, not our end.
    signal(SIGXFSZ, SIG_IGN)
    OpenFiles.raiseLimit()
    // Before anything is started: a certificate that can't be read is no reason to start half.
    let certificate = try listener.certificate.map { try ServedCertificate($0, log) }
    let signals = try Signals([SIGTERM, SIGINT, SIGHUP], on: loop)
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
    let servers = try await GatewayServers(listener.address, certificate?.context, on: group, gateway, log)
    let metrics = try MetricsServer(gateway, metricsAddress, on: loop)
    try gateway.load()
    let notice = ServiceNotice(.current())
    let logs = state.logs
    let attendants = [
      loop.spawn { await logs.run(on: loop) },
      loop.spawn { await certificate?.watch(on: loop) },
      loop.spawn { await notice?.keepTelling(on: loop) },
    ]
    let endpoints = EndpointsFile(in: try data.subfolder("run"))
    try endpoints.write(gateway: servers.url, metrics: metrics.address)
    log.info("ready", ["url": .string(servers.url), "data": .string(data.path)])
    notice?.ready()
    // What only the start ran through is memory that a gateway at rest has no use for (`make bench BENCH=asleep`).
    apus_release_code()
    await untilEnd(signals) {
      await certificate?.renew()
      await reload(state.account)
    }
    log.info("stopping")
    notice?.stopping()
    let impatience = loop.spawn { await leaveAtOnce(signals) }
    endpoints.remove()
    servers.shutDown(grace: GatewayRun.drainTime)
    await gateway.close(by: .now() + GatewayRun.drainTime, on: loop)
    if await !servers.end(by: .now() + GatewayRun.cutTime, on: loop) { log.warning("a call could not be cut") }
    await metrics.end()
    signals.close()
    for task in attendants { task.cancel() }
    for task in attendants + [impatience] { await task.value }
    group.shutDown()
    launcher.shutDown()
    settle(state.database)
    withExtendedLifetime(stateFolder) {}
    withExtendedLifetime(runtime) {}
  }

  /// Whoever copies the folder now may forget the log beside the file.
  private func settle(_ database: Database) {
    do throws(StoreError) {
      try database.settle()
    } catch {
      log.warning("the state's log stays beside it, and is taken up at the next start", ["error": .string("\(error)")])
    }
  }

  /// Returns at the signal that asks for the end; `renew` is for SIGHUP.
  private func untilEnd(_ signals: Signals, _ renew: () async -> Void) async {
    let isOnTerminal = isatty(STDERR_FILENO) == 1
    while let signal = await signals.next(), signal == SIGHUP, !isOnTerminal { await renew() }
  }

  /// For whoever asks a second time.
  private func leaveAtOnce(_ signals: Signals) async {
    while let signal = await signals.next() {
      if signal != SIGHUP { exit(1) }
    }
  }

  private func reload(_ account: AdminAccount) async {
    do {
      if try await offload({ try account.reload() }) { log.info("the administrator's password is new") }
    } catch {
      log.error("the administrator's files can't be used; the password stays", ["error": .string("\(error)")])
    }
  }

  private func openState(_ folder: borrowing StateFolder) throws -> GatewayState {
    let credentials = CredentialFolder(path: "\(data.path)/auth")
    let loaded = try credentials.load()
    if loaded.isNew { log.info("made credentials", ["folder": .string("\(data.path)/auth")]) }
    let database = try Database(folder.databasePath)
    // Now, and not when the damaged page is asked for: a backup of today is better than one of then.
    if let damage = try database.complaints().first {
      throw GatewayError(
        "\(folder.databasePath) is damaged: \(damage). Keep a copy of it, then restore a backup (apus restore)")
    }
    let key = StateKey(folder)
    if !mayMakeNewKey { try key.checkIsThere(for: SecretStore.count(in: database)) }
    let box = SealedBox(try KeyRing.openOrMake(folder.keyPath))
    let state = GatewayState(
      database, box, try ArtefactStore(data: data.path), LogStore(folder: try data.subfolder("logs")),
      AdminAccount(credentials, loaded.credentials))
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
    var replicas = ProcessProvider.Settings(
      socketFolder: try runtime.subfolder("s"), program: { try programs.program($0, owner: $1) }, logs: state.logs,
      isolation: grounds.settings)
    replicas.trustedProxies = listener.trustedText
    let provider = ProcessProvider(on: loop, replicas)
    var settings = GatewaySettings(startsAtOnce: LoopGroup.coreCount, isolation: grounds.report) {
      deployment throws(APIError) in
      try programs.check(deployment)
    }
    settings.content = { programs.content(of: $0) }
    settings.trustedProxies = listener.trusted
    settings.audience = listener.audience
    return Gateway(settings, state, provider, control: loop, log: log)
  }
}
