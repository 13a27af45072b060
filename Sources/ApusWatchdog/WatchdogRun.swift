import ApusContract
import ApusHTTP
package import ApusIO
import ApusModel
import ApusTelemetry
import Glibc

/// The watchdog from its start to its end: listener, program, readiness, drain.
package struct WatchdogRun: Sendable {
  private let settings: WatchdogSettings
  private let environment: ProcessEnvironment
  private var log: Log

  package init(environment: ProcessEnvironment = .current()) {
    self.environment = environment
    settings = WatchdogSettings(environment)
    let isColourRefused = environment["NO_COLOR"] != nil
    log = Log(LogDestination(level: settings.logLevel, format: .suiting(2, isColourRefused: isColourRefused)))
  }

  /// The lock file is there: what probes inside a container ask for.
  package var isHealthy: Bool { LockFile(environment).isThere }

  /// Runs on the calling thread until a signal asks it to end; ends the program if it can't start.
  package func runToEnd() {
    OpenFiles.fillStandardOnes()
    for mistake in settings.mistakes { log.error("wrong setting", ["reason": .string(mistake)]) }
    guard settings.mistakes.isEmpty else { Glibc.exit(1) }
    for warning in settings.warnings { log.warning("setting not used", ["reason": .string(warning)]) }
    do {
      let loop = try Loop()
      try loop.runUntilDone { try await run(on: loop, OutputSinks(on: loop)) }
    } catch {
      log.error("the watchdog did not start", ["error": .string("\(error)")])
      Glibc.exit(1)
    }
  }

  /// Runs until a signal asks it to end, on `loop`'s thread.
  private func run(on loop: Loop, _ sinks: OutputSinks) async throws {
    var ordered = self
    ordered.log = sinks.errors.log(settings.logLevel, isColourRefused: environment["NO_COLOR"] != nil)
    defer { sinks.flush() }
    try await ordered.serve(on: loop, sinks)
  }

  private func serve(on loop: Loop, _ sinks: OutputSinks) async throws {
    Signals.ignoreBrokenPipes()
    OpenFiles.raiseLimit()
    let word = ReadyWord(settings.readyDescriptor)
    let signals = try Signals(Signals.ending, on: loop)
    let inherited = try InheritedSockets.take("http", from: environment)
    let isAlone = inherited == nil
    let listener = try Listener(inherited ?? Listener.bind(settings.address), on: loop)
    let family = OwnChildren()
    let reaper = try OrphanReaper(isOurs: { family.holds($0) }, on: loop)
    reaper?.begin()
    let metrics = isAlone ? CallMetrics() : nil
    let mode = try Modes.mode(settings, environment, sinks, family, log, on: loop) { failure in
      end(with: failure, sinks)
    }
    let lock = isAlone && settings.makesLockFile ? LockFile(environment) : nil
    let gate = TokenGate(settings.tokens, settings.name, family, log: log, on: loop)
    let endpoint = WatchdogEndpoint(settings, mode, gate, metrics: metrics, lines: sinks.errors, lock: lock)
    let bound = LoopBound(endpoint, to: loop)
    let server = Server(limits: settings.limits, refusals: refusals(metrics)) { exchange in
      await bound.value.answer(exchange)
    }
    let page = metrics.flatMap { serveMetrics($0, on: loop) }
    let parts = LoopBound((endpoint, mode, sinks), to: loop)
    // Before the start of the mode: one that hangs must end when asked to.
    loop.spawn { await stop(parts, server, signals, loop) }
    loop.spawn { await begin(parts, word, lock, listener.address, isAlone) }

    do throws(SystemError) {
      try await server.serve(listener)
    } catch {
      log.error("the watchdog can't go on", ["error": .string("\(error)")])
      await mode.stop()
      sinks.flush()
      Glibc.exit(1)
    }
    await mode.stop()
    await page?.end()
    reaper?.close()
    signals.close()
  }

  private typealias Parts = LoopBound<(WatchdogEndpoint, any ServingMode, OutputSinks)>

  /// Says that calls may come, once they may.
  private func begin(
    _ parts: Parts, _ word: ReadyWord, _ lock: LockFile?, _ address: SocketAddress, _ isAlone: Bool
  ) async {
    let (endpoint, mode, sinks) = parts.value
    do {
      try await mode.start()
      guard !endpoint.isStopping else { return }
      try lock?.make()
      endpoint.isReady = true
      try word.say()
    } catch let failure as StartFailure {
      return endpoint.isStopping ? () : end(with: failure, sinks)
    } catch {
      return end(with: StartFailure("\(error)"), sinks)
    }
    if isAlone {
      log.info(
        "ready",
        [
          "mode": .string(settings.mode.rawValue), "url": .string("http://\(address)"),
          "version": .string(WatchdogVersion.release),
        ])
    }
  }

  /// Ends the program: whoever started it decides what follows.
  private func end(with failure: StartFailure, _ sinks: OutputSinks) {
    log.error("the watchdog ends", ["error": .string("\(failure)")])
    sinks.flush()
    LockFile(environment).removeIfMade(settings)
    Glibc.exit(1)
  }

  /// Counts what never became a call.
  private func refusals(_ metrics: CallMetrics?) -> Server.RefusalSink {
    { [log] status, reason in
      metrics?.refused(status)
      log.info("a request was refused", ["status": .integer(status), "reason": .string("\(reason)")])
    }
  }

  /// Waits for a signal, then ends in order: not ready, not listening, calls finished, then the program. A second
  /// signal ends at once.
  private func stop(_ parts: Parts, _ server: Server, _ signals: Signals, _ loop: Loop) async {
    guard await signals.next() != nil else { return }
    let (endpoint, mode, _) = parts.value
    let wasReady = endpoint.isReady
    endpoint.isReady = false
    endpoint.isStopping = true
    LockFile(environment).removeIfMade(settings)
    loop.spawn {
      guard await signals.next() != nil else { return }
      cut(parts)
    }
    log.info("stopping", ["calls_in_flight": .integer(endpoint.inFlight)])
    if wasReady, settings.notReadyTime > .zero { try? await loop.sleep(until: .now() + settings.notReadyTime) }
    server.shutDown(grace: settings.drainTime)
    try? await loop.sleep(until: .now() + settings.drainTime)
    guard endpoint.inFlight > 0 else { return }
    log.warning("work was cut", ["limit": .string("write_timeout of \(GoDuration.format(settings.drainTime))")])
    await mode.stop()
    cut(parts)
  }

  private func cut(_ parts: Parts) {
    let (_, mode, sinks) = parts.value
    mode.kill()
    sinks.flush()
    Glibc.exit(1)
  }

  /// The metrics page on its own port. A port that is taken costs the page and a warning, not the function.
  private func serveMetrics(_ metrics: CallMetrics, on loop: Loop) -> MetricsPage? {
    guard let address = settings.metricsAddress else { return nil }
    do throws(SystemError) {
      return try MetricsPage(metrics.registry, at: address, on: loop)
    } catch {
      log.warning("no metrics page", ["reason": .string("\(error)"), "setting": "metrics_port"])
      return nil
    }
  }
}

extension LockFile {
  /// Not where we made none: it would be another's.
  fileprivate func removeIfMade(_ settings: WatchdogSettings) {
    if settings.makesLockFile, !settings.isHandedOver { remove() }
  }
}
