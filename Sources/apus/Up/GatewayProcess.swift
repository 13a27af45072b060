import ApusIO
import ApusLauncher
import Glibc

/// `apus-gateway` as a child of `apus up`: it ends with us, however we end.
final class GatewayProcess {
  private let loop: Loop
  private let log: Stream
  private var lines = LineSplitter()
  private var child: ChildProcess?
  private var hasEnded = false
  private var ended: UnsafeContinuation<Void, Never>?
  /// It said that it made credentials.
  private(set) var madeCredentials = false

  /// Starts it; `waitForEnd` must follow.
  init(port: Int, data: String, libraries: [String], on loop: Loop) throws {
    self.loop = loop
    let program = "\(BuiltProgram.folder)/apus-gateway"
    guard access(program, X_OK) == 0 else {
      throw CommandError("there is no \(program), which `apus up` starts. Run `make build` (or swift build)")
    }
    let pipe = try Pipe(nonBlocking: false)
    var plan = ChildProcess.Plan(
      program, ["--port", "\(port)", "--data", data] + libraries.flatMap { ["--libraries", $0] },
      environment: ProcessEnvironment.current().values)
    plan.descriptors = [2: pipe.writing.raw]
    plan.deathSignal = SIGTERM
    child = try ChildProcess.spawn(plan)
    let reading = pipe.takeReading()
    try reading.setNonBlocking()
    log = try Stream(reading, on: loop)
  }

  deinit {
    log.close()
  }

  /// Waits until it listens, and returns where. What it says until then is passed on.
  func waitUntilReady() async throws -> String {
    while let event = await nextEvent() {
      if let url = event.readyURL { return url }
      if event.madeCredentials {
        madeCredentials = true
      } else {
        Terminal.note(event.text)
      }
    }
    throw CommandError("the gateway ended before it was ready. Its lines above say why")
  }

  /// The next line of its log; nil when it has ended.
  func nextEvent() async -> GatewayEvent? {
    while true {
      if let line = lines.next() { return GatewayEvent(line) }
      do {
        var block = [UInt8](repeating: 0, count: 65_536)
        let count = try block.withUnsafeMutableBytes { bytes in try log.tryRead(into: bytes) }
        guard let count else {
          try await log.readable()
          continue
        }
        if count == 0 { break }
        block[..<count].withUnsafeBytes { lines.add($0) }
      } catch {
        break
      }
    }
    let rest = lines.rest()
    return rest.isEmpty ? nil : GatewayEvent(rest)
  }

  /// Waits for its end, whoever causes it. One task does this, from the start to the end.
  func waitForEnd() async -> ChildProcess.Exit? {
    let exit = try? await child?.wait(on: loop)
    hasEnded = true
    ended?.resume()
    ended = nil
    return exit
  }

  /// Asks it to end in order.
  func stop() {
    guard !hasEnded else { return }
    child?.send(SIGTERM)
  }

  /// Ends it at once; its replicas end with it.
  func kill() {
    guard !hasEnded else { return }
    child?.sendToGroup(SIGKILL)
  }

  /// Returns when it has ended.
  func untilEnded() async {
    guard !hasEnded else { return }
    await withUnsafeContinuation { ended = $0 }
  }
}
