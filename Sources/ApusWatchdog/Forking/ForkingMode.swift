import ApusContract
import ApusHTTP
import ApusIO
import ApusLauncher
import ApusTelemetry
import Glibc

/// Starts a program for each call. It belongs to its loop.
final class ForkingMode: ServingMode {
  let settings: WatchdogSettings
  let log: Log
  private let loop: Loop
  private let words: ProgramWords
  private let environment: [String: String]
  private let sinks: OutputSinks
  private let family: OwnChildren
  private let nothing: Descriptor
  /// Where the program was found last.
  private var file: String?
  private var running: [ObjectIdentifier: CallChild] = [:]

  init(
    _ words: ProgramWords, _ settings: WatchdogSettings, environment: ProcessEnvironment, sinks: OutputSinks,
    family: OwnChildren, log: Log, on loop: Loop
  ) throws(SystemError) {
    self.words = words
    self.settings = settings
    self.environment = ChildEnvironment.variables(environment)
    self.sinks = sinks
    self.family = family
    self.log = log
    self.loop = loop
    let raw = open("/dev/null", O_RDWR | O_CLOEXEC)
    guard raw >= 0 else { throw SystemError(errno, "open", "/dev/null") }
    nothing = Descriptor(owning: raw)
  }

  func start() async throws(StartFailure) {
    file = words.file(searching: environment["PATH"])
    if file == nil { log.error("calls will fail", ["error": .string(absence.description)]) }
  }

  func isHealthy() async -> Bool { true }

  func stop() async { kill() }

  func kill() {
    for child in running.values { child.interrupt(.late) }
  }

  private var absence: SystemError {
    SystemError(
      ENOENT, "start", words.name,
      advice: "fprocess must name a program that can be executed, by its path or its name in PATH")
  }

  func answer(_ exchange: Exchange, _ call: WatchdogCall) async {
    if settings.mode == .serializing {
      await serialize(exchange, call)
    } else {
      await stream(exchange, call)
    }
  }

  // MARK: - What both modes do

  /// Starts the program of a call; nil if that can't be, and then the caller has been told.
  func start(_ exchange: Exchange, _ call: WatchdogCall, _ input: CallChild.Input?) async -> CallChild? {
    let head = call.head(exchange)
    do throws(SystemError) {
      guard let file = file ?? words.file(searching: environment["PATH"]) else { throw absence }
      self.file = file
      var plan = ChildProcess.Plan(
        file, words.arguments, environment: CallEnvironment.variables(head, over: environment))
      plan.deathSignal = SIGKILL
      let lines = OutputLines("stderr", to: sinks.errors, settings, callID: call.callID ?? "none")
      let child = try CallChild(plan, input ?? .nothing(nothing.raw), saying: lines, among: family, on: loop)
      running[ObjectIdentifier(child)] = child
      return child
    } catch {
      // The next call looks for it anew.
      file = nil
      log.error("the program can't be started", fields(call, "\(error)"))
      await exchange.refuse(call.failure(500, "the program can't be started: \(SystemError.text(error.code))"))
      return nil
    }
  }

  /// Waits for the end of a call's program, of which nothing is left then.
  func end(_ child: CallChild) async {
    await child.untilEnded()
    running[ObjectIdentifier(child)] = nil
  }

  func fields(_ call: WatchdogCall, _ error: String) -> LogFields {
    var fields: LogFields = ["error": .string(error)]
    if let id = call.callID { fields = fields.merging(["call_id": .string(id)]) }
    return fields
  }

  /// How an answer begins.
  func head(_ call: WatchdogCall) -> ResponseHead {
    var head = ResponseHead()
    // It was checked when it was read.
    try? head.fields.append(.contentType, settings.contentType)
    call.stamp(&head.fields)
    return head
  }

  /// What a program that failed is answered with, and logged.
  func fail(_ exchange: Exchange, _ call: WatchdogCall, _ child: CallChild, type: String) async {
    switch child.interruption {
    case .late?:
      log.warning("the call took too long", fields(call, "\(call.time.source) is over: the program was killed"))
      // If it has not been answered by the clock already.
      await exchange.refuse(call.lateAnswer)
    case .callerLeft?:
      log.info("the caller left", fields(call, "the program was ended"))
    case .wroteTooMuch?:
      let text = "the program wrote more than buffer_limit, \(settings.bufferLimit) bytes"
      log.error("the answer is too long", fields(call, text))
      await exchange.refuse(call.failure(500, text))
    case nil:
      let how = child.exit?.contractText ?? "an unknown end"
      let when = exchange.isStarted ? "after its answer had begun: the connection is cut" : "before it answered"
      log.error("the program failed", fields(call, "\(how), \(when)"))
      await exchange.refuse(call.failure(500, how, type: type))
    }
  }
}
