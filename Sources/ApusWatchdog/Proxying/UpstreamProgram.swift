import ApusHTTP
import ApusIO
import ApusLauncher
import ApusTelemetry
import Glibc

/// The program of http mode through all its lives. It belongs to its loop.
final class UpstreamProgram {
  private let words: ProgramWords
  private let url: UpstreamURL
  private let settings: WatchdogSettings
  private let environment: [String: String]
  private let sinks: OutputSinks
  private let family: OwnChildren
  private let log: Log
  private let loop: Loop
  private var machine: UpstreamMachine
  private var child: UpstreamChild?
  /// The address at which it was found.
  private var upstream: Upstream?
  private var waits: [ReadyWait] = []
  private var ended: UnsafeContinuation<Void, Never>?
  /// Why it was given up.
  private(set) var failure: StartFailure?
  /// Told once, when it is given up after it had been ready.
  var onFailure: ((StartFailure) -> Void)?

  private static let shortestPause = Duration.milliseconds(1)
  private static let longestPause = Duration.milliseconds(50)

  init(
    _ words: ProgramWords, _ url: UpstreamURL, _ settings: WatchdogSettings, environment: ProcessEnvironment,
    sinks: OutputSinks, family: OwnChildren, log: Log, on loop: Loop
  ) {
    self.words = words
    self.url = url
    self.settings = settings
    self.environment = ChildEnvironment.variables(environment)
    self.sinks = sinks
    self.family = family
    self.log = log
    self.loop = loop
    machine = UpstreamMachine(restarts: settings.restarts)
  }

  // MARK: - Lives

  /// Starts it and sees to it until it is stopped or given up.
  func live() async {
    while true {
      machine.started()
      let cause = await liveOnce()
      switch machine.ended(.now()) {
      case .rest: return finish()
      case .giveUp:
        let failure = StartFailure("the program \(words.name) \(cause)")
        self.failure = failure
        finish()
        onFailure?(failure)
        return
      case .again(let instant):
        log.error("the program is started again", ["program": .string(words.name), "reason": .string(cause)])
        try? await loop.sleep(until: instant)
        if machine.state == .stopping { return finish() }
      }
    }
  }

  /// Returns how it ended, as the end of a sentence.
  private func liveOnce() async -> String {
    let wasReady: Bool
    let exit: ChildProcess.Exit?
    do throws(SystemError) {
      guard let file = words.file(searching: environment["PATH"]) else {
        throw SystemError(ENOENT, "start", words.name, advice: "fprocess must name a program that can be executed")
      }
      let plan = ChildProcess.Plan(file, words.arguments, environment: environment)
      let lines = [
        OutputLines("stdout", to: sinks.output, settings), OutputLines("stderr", to: sinks.errors, settings),
      ]
      let child = try UpstreamChild(plan, saying: lines, on: loop)
      self.child = child
      family.add(child.pid)
      let this = LoopBound((self, child), to: loop)
      loop.spawn {
        let (program, child) = this.value
        await program.find(child)
      }
      exit = await child.untilEnd()
      family.remove(child.pid)
      wasReady = machine.isReady
      self.child = nil
    } catch {
      return "can't be started: \(error)"
    }
    let how = exit?.contractText ?? "an unknown status"
    return "has terminated \(wasReady ? "with" : "before it listened on \(url.addresses[0]), with") \(how)"
  }

  /// Looks for the program where it is to listen, until it does or this life of it is over.
  private func find(_ child: UpstreamChild) async {
    var pause = Self.shortestPause
    while self.child === child, machine.state != .stopping {
      for address in url.addresses {
        guard await takesConnections(address) else { continue }
        if self.child === child { found(at: address) }
        return
      }
      try? await loop.sleep(until: .now() + pause)
      pause = min(pause * 2, Self.longestPause)
    }
  }

  private func found(at address: SocketAddress) {
    if upstream?.address != address {
      upstream?.close()
      var limits = settings.limits
      limits.idleConnections = WatchdogLimits.idleConnections
      limits.upstreamIdle = WatchdogLimits.upstreamIdle
      limits.connectTime = WatchdogLimits.connectTime
      upstream = Upstream(address, on: loop, limits: limits)
    }
    machine.listens(.now())
    wakeAll()
  }

  private func takesConnections(_ address: SocketAddress) async -> Bool {
    let limit = Instant.now() + WatchdogLimits.connectTime
    guard let stream = try? await Stream.connect(to: address, on: loop, deadline: limit) else { return false }
    stream.close()
    return true
  }

  private func finish() {
    upstream?.close()
    upstream = nil
    wakeAll()
    ended?.resume()
    ended = nil
  }

  // MARK: - For calls

  /// It lives, and takes connections now.
  func isHealthy() async -> Bool {
    guard machine.isReady, let upstream else { return false }
    return await takesConnections(upstream.address)
  }

  var isReady: Bool { machine.isReady }

  /// Where to send a call, as soon as the program listens; nil if it does not by `deadline` or was given up.
  func upstream(by deadline: Instant) async -> Upstream? {
    while true {
      if machine.isReady, let upstream { return upstream }
      if failure != nil || machine.state == .stopping || loop.now >= deadline { return nil }
      let wait = ReadyWait()
      waits.append(wait)
      await wait.untilWoken(by: deadline, on: loop)
      waits.removeAll { $0 === wait }
    }
  }

  private func wakeAll() {
    let woken = waits
    waits.removeAll()
    for wait in woken { wait.wake() }
  }

  // MARK: - The end

  /// Asks it to end, with all that it started, and kills what does not.
  func stop() async {
    machine.stop()
    guard let child else { return }
    child.send(SIGTERM)
    let killer = Timer { [log, words] in
      log.warning("the program did not end when asked to and is killed", ["program": .string(words.name)])
      child.send(SIGKILL)
    }
    loop.set(killer, to: .now() + WatchdogLimits.endTime)
    defer { loop.remove(killer) }
    await withUnsafeContinuation { ended = $0 }
  }

  /// At once, for an end that waits for nothing.
  func kill() {
    child?.send(SIGKILL)
  }
}
