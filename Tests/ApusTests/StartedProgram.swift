import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

/// A program of ours as a child: what it says is gathered, and it does not outlive its test.
final class StartedProgram: Sendable {
  let pid: CInt
  let address: SocketAddress
  private let process: ChildProcess
  private let loop: Loop
  private let group: LoopGroup
  private let errors: CInt

  /// Starts `name` with `environment` and nothing else; `descriptors` are ours for each of the child's.
  init(
    _ name: String, at address: SocketAddress, _ environment: [String: String], descriptors: [CInt: CInt] = [:],
    tellsListenPID: Bool = false
  ) throws {
    Signals.ignoreBrokenPipes()
    let pipe = try Pipe(nonBlocking: false)
    var plan = ChildProcess.Plan(
      try BuiltProgram.path(name), environment: environment.merging(Sanitizer.environment) { $1 })
    plan.descriptors = descriptors
    plan.descriptors[2] = pipe.writing.raw
    plan.tellsListenPID = tellsListenPID
    group = try LoopGroup(count: 1)
    loop = group.loops[0]
    process = try ChildProcess.spawn(plan)
    pid = process.pid
    self.address = address
    errors = pipe.takeReading().release()
  }

  deinit {
    close(errors)
    group.shutDown()
  }

  /// Starts it on a free port of 127.0.0.1, with its metrics page on another.
  static func alone(_ name: String, _ environment: [String: String] = [:]) throws -> StartedProgram {
    let address = SocketAddress.loopback(port: freePort())
    var all = ["port": "\(address.port ?? 0)", "metrics_port": "\(freePort())"]
    all.merge(environment) { $1 }
    return try StartedProgram(name, at: address, all)
  }

  /// What it has said so far up to a line with `mark`; all of it if it ends without.
  func errors(through mark: String) -> String {
    var bytes: [UInt8] = []
    let wanted = Array(mark.utf8)
    var isFound = false
    while let byte = StartedProgram.next(errors) {
      bytes.append(byte)
      if !isFound, bytes.suffix(wanted.count).elementsEqual(wanted) { isFound = true }
      if isFound, byte == UInt8(ascii: "\n") { break }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// All that it says until it ends.
  func errorsToTheEnd() -> String {
    errors(through: "\u{0}")
  }

  /// The next byte; nil at the end, or when none comes within ten seconds, so that a program that hangs fails its test.
  static func next(_ descriptor: CInt) -> UInt8? {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    var byte: UInt8 = 0
    guard poll(&waiting, 1, 10_000) == 1, read(descriptor, &byte, 1) == 1 else { return nil }
    return byte
  }

  func send(_ signal: CInt) { process.send(signal) }

  /// Its end, which must come within ten seconds.
  func end() async throws -> ChildProcess.Exit {
    let this = self
    return try await withCheckedThrowingContinuation { continuation in
      loop.execute {
        this.loop.spawn {
          do {
            continuation.resume(returning: try await this.process.wait(on: this.loop, deadline: .now() + .seconds(10)))
          } catch {
            continuation.resume(throwing: error)
          }
        }
      }
    }
  }

  func connect() throws -> RawClient { try RawClient(address) }

  /// One request on a connection of its own.
  func ask(_ request: String, at other: SocketAddress? = nil) throws -> RawAnswer {
    let client = try RawClient(other ?? address)
    try client.send(request)
    return client.receiveAnswer()
  }

  /// Whether a new connection finds nobody. Looks again until it does or ten seconds are over.
  func refusesConnections() -> Bool {
    let limit = Instant.now() + .seconds(10)
    while Instant.now() < limit {
      guard (try? connect()) != nil else { return true }
      sched_yield()
    }
    return false
  }
}
