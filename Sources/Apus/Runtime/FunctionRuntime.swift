internal import ApusContract
internal import ApusHTTP
internal import ApusIO
internal import ApusModel
internal import ApusTelemetry
internal import Glibc

/// One function from its start to its end: hooks, listeners, readiness, drain.
struct FunctionRuntime: Sendable {
  let settings: FunctionSettings
  let environment: ProcessEnvironment
  let handler: Handler
  let hooks: Hooks
  let log: Log

  init(_ handler: Handler, _ hooks: Hooks, environment: ProcessEnvironment = .current()) {
    let program = CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "function"
    self.environment = environment
    settings = FunctionSettings(environment, program: program, isTerminal: isatty(2) == 1)
    let isColourRefused = environment["NO_COLOR"] != nil
    log = Log(LogDestination(level: settings.logLevel, format: .suiting(2, isColourRefused: isColourRefused)))
    self.handler = handler
    self.hooks = hooks
  }

  /// Runs on the calling thread until a signal asks it to end; ends the program if it can't start.
  func runToEnd() {
    OpenFiles.fillStandardOnes()
    do {
      let loop = try Loop()
      try loop.runUntilDone { try await run(on: loop) }
    } catch {
      log.error("the function did not start", ["error": .string("\(error)")])
      Glibc.exit(1)
    }
  }

  /// Runs until a signal asks it to end, on `loop`'s thread.
  func run(on loop: Loop) async throws {
    Signals.ignoreBrokenPipes()
    OpenFiles.raiseLimit()
    let word = ReadyWord(settings.readyDescriptor)
    let signals = try Signals(Signals.ending, on: loop)
    for warning in settings.warnings { log.warning("setting not used", ["reason": .string(warning)]) }
    let inherited = try InheritedSockets.take("http", from: environment)
    let isAlone = inherited == nil
    let listener = try Listener(inherited ?? Listener.bind(settings.address), on: loop)
    let metrics = isAlone ? CallMetrics() : nil
    let background = BackgroundWork(loop)
    let runner = CallRunner(
      settings, handler, log: log, secrets: Secrets(environment), metrics: metrics, background: background)
    let bound = LoopBound(runner, to: loop)
    let server = Server(limits: settings.limits, refusals: refusals(metrics)) { exchange in
      await bound.value.answer(exchange)
    }
    let page = metrics.flatMap { serveMetrics($0, on: loop) }
    // Before the hooks: a start that hangs must end when asked to.
    let stopping = loop.spawn { await stop(bound, server, signals, loop) }

    try await hooks.start()
    let lock = isAlone ? lockFile() : nil
    runner.isReady = true
    announce(word)
    if isAlone {
      log.info("ready", ["function": .string(settings.name), "url": .string("http://\(listener.address)")])
    }

    do throws(SystemError) {
      try await server.serve(listener)
    } catch {
      log.error("the function can't go on", ["error": .string("\(error)")])
      Glibc.exit(1)
    }
    lock?.remove()
    await background.waitUntilDone()
    await hooks.stop()
    // Nothing of ours outlives the run: whoever called it may go on, or look for what was left.
    await page?.end()
    signals.close()
    stopping.cancel()
    await stopping.value
  }

  /// Counts what never became a call, and tells people who watch the function run.
  private func refusals(_ metrics: CallMetrics?) -> Server.RefusalSink {
    { [log, logsCalls = settings.logsCalls] status, reason in
      metrics?.refused(status)
      if logsCalls { log.info("a request was refused", ["status": .integer(status), "reason": .string("\(reason)")]) }
    }
  }

  /// Waits for a signal, then ends in order: not ready, not listening, calls finished. A second signal ends at once.
  private func stop(_ runner: LoopBound<CallRunner>, _ server: Server, _ signals: Signals, _ loop: Loop) async {
    guard await signals.next() != nil else { return }
    guard runner.value.isReady else {
      log.info("stopped before it was ready")
      Glibc.exit(0)
    }
    runner.value.isReady = false
    async let second: Void = endAtOnce(signals)
    let inFlight = runner.value.inFlight
    if inFlight > 0 { log.info("stopping", ["calls_in_flight": .integer(inFlight)]) }
    if settings.notReadyTime > .zero { try? await loop.sleep(until: .now() + settings.notReadyTime) }
    server.shutDown(grace: settings.drainTime)
    do {
      try await loop.sleep(until: .now() + settings.drainTime)
    } catch {
      // The run has ended well, and closed `signals`.
      return await second
    }
    // Background work, a hook or a handler that heeds no cancellation has had its time.
    log.warning("work was cut", ["limit": .string("write_timeout of \(GoDuration.format(settings.drainTime))")])
    Glibc.exit(1)
  }

  private func endAtOnce(_ signals: Signals) async {
    if await signals.next() != nil { Glibc.exit(1) }
  }

  private func announce(_ word: ReadyWord) {
    do throws(SystemError) {
      try word.say()
    } catch {
      log.warning("nobody was told", ["reason": .string("\(error)"), "setting": "APUS_READY_FD"])
    }
  }

  /// For the probe of faas-netes (`cat /tmp/.lock`), and only there: on an ordinary machine several functions would
  /// share it. Nil too if it can't be made.
  private func lockFile() -> LockFile? {
    guard environment["KUBERNETES_SERVICE_HOST"] != nil, environment["suppress_lock"] != "true" else { return nil }
    let lock = LockFile(environment)
    return (try? lock.make()) == nil ? nil : lock
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
