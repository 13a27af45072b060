import ApusHTTP
import ApusIO
import Glibc
import Instruments
import Synchronization
import Testing

/// All tests with sockets: one after the other, because each counts the descriptors of the whole process.
@Suite(.serialized) struct `HTTP over sockets` {}

/// A server on loops of its own, for one scope. What it leaves open when the scope ends is a failure of the test.
final class ServerFixture {
  let group: LoopGroup
  let server: Server
  let address: SocketAddress

  private init(_ group: LoopGroup, _ server: Server, _ address: SocketAddress) {
    self.group = group
    self.server = server
    self.address = address
  }

  /// Serves on `address`, or on a free port, while `body` runs.
  static func run(
    limits: Limits = Limits(), loops: Int = 1, at address: SocketAddress? = nil, grace: Duration = .seconds(5),
    wrap: Server.Wrap? = nil, handler: @escaping Server.Handler, _ body: (ServerFixture) async throws -> Void
  ) async throws {
    try await run(
      limits: limits, group: try LoopGroup(count: loops), at: address, grace: grace, wrap: wrap, handler: handler, body)
  }

  /// As above, on loops that the caller started, and whose `setUp` made what the handler needs.
  static func run(
    limits: Limits = Limits(), group: LoopGroup, at address: SocketAddress? = nil, grace: Duration = .seconds(5),
    wrap: Server.Wrap? = nil, handler: @escaping Server.Handler, _ body: (ServerFixture) async throws -> Void,
    tearDown: @escaping @Sendable () -> Void = {}
  ) async throws {
    defer { group.shutDown() }
    let before = try await Holdings.of(group)
    let (bound, listeners) = try listen(address, count: group.loops.count)
    let server = Server(limits: limits, wrap: wrap, handler)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for (loop, listener) in zip(group.loops, listeners) {
        tasks.addTask {
          try await loop.perform {
            try await server.serve(Listener(Descriptor(owning: listener), on: loop))
          }
        }
      }
      let outcome: Result<Void, any Error>
      do {
        try await body(ServerFixture(group, server, bound))
        outcome = .success(())
      } catch {
        outcome = .failure(error)
      }
      server.shutDown(grace: grace)
      try await tasks.waitForAll()
      for loop in group.loops { try await loop.perform { tearDown() } }
      try outcome.get()
    }
    if case .unix(let path) = bound { unlink(path) }
    let isClean = try await eventually { try await Holdings.of(group) == before }
    let after = try await Holdings.of(group)
    #expect(isClean, "left open: \(after), where it began with \(before)")
  }

  private static func listen(_ address: SocketAddress?, count: Int) throws -> (SocketAddress, [CInt]) {
    for attempt in 0... {
      let wanted = address ?? RawSocket.freeAddress()
      do {
        let first = try Listener.bind(wanted, sharesPort: count > 1)
        var all: [CInt] = []
        for _ in 1..<max(count, 1) { all.append(try Listener.bind(wanted, sharesPort: true).release()) }
        return (wanted, [first.release()] + all)
      } catch {
        guard address == nil, attempt < 100 else { throw error }
      }
    }
    throw SystemError(EADDRINUSE, "find a free port")
  }

  func connect(window: CInt? = nil) throws -> RawSocket { try RawSocket.connect(to: address, window: window) }

  /// Sends `request` on a connection of its own; all that comes back until the end.
  func ask(_ request: String) throws -> (text: String, end: RawSocket.End) {
    let client = try connect()
    try client.send(request)
    return client.receiveAll()
  }

  /// What curl makes of `arguments`; `URL` in them becomes the server's address.
  func curl(_ arguments: String) -> String {
    shell("curl -sS --max-time 20 " + arguments.replacingURL(with: "http://\(address)"))
  }

  var connectionCount: Int {
    get async throws {
      var count = 0
      for loop in group.loops {
        let server = server
        count += try await loop.perform { server.connectionCount(on: loop) }
      }
      return count
    }
  }
}

/// What a process and its loops hold open.
struct Holdings: Equatable {
  /// Sockets and pipes. The language's own threads open others, whenever they first need them.
  var descriptors: Int
  var sources: Int
  var timers: Int

  static func of(_ group: LoopGroup) async throws -> Holdings {
    var holdings = Holdings(descriptors: connectionCount(), sources: 0, timers: 0)
    for loop in group.loops {
      let held = try await loop.perform { loop.held }
      holdings.sources += held.sources
      holdings.timers += held.timers
    }
    return holdings
  }

  /// All numbers below it are taken: a limit set here leaves none (setrlimit(2), RLIMIT_NOFILE).
  static func lowestFreeDescriptor() -> CInt {
    let free = dup(0)
    close(free)
    return free
  }

  private static func connectionCount() -> Int {
    descriptors().filter { descriptor in
      var target = [CChar](repeating: 0, count: 16)
      let count = readlink("/proc/self/fd/\(descriptor)", &target, target.count)
      let kind = String(decoding: target.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      return kind.hasPrefix("socket:") || kind.hasPrefix("pipe:")
    }.count
  }

  private static func descriptors() -> [Int] {
    guard let folder = opendir("/proc/self/fd") else { return [] }
    defer { closedir(folder) }
    var all: [Int] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if let descriptor = Int(name), descriptor != dirfd(folder) { all.append(descriptor) }
    }
    return all
  }
}

extension Loop {
  /// Runs `body` on this loop and waits for it, from any task.
  func perform<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      execute {
        self.spawn {
          do {
            continuation.resume(returning: try await body())
          } catch {
            continuation.resume(throwing: error)
          }
        }
      }
    }
  }
}

/// Asks again and again until `condition` holds; false if it does not within ten seconds.
func eventually(
  within time: Duration = .seconds(10), _ condition: () async throws -> Bool
) async throws -> Bool {
  let limit = Instant.now() + time
  var pause: UInt32 = 50
  while try await !condition() {
    if Instant.now() > limit { return false }
    usleep(pause)
    pause = min(2 * pause, 4_000)
  }
  return true
}

/// What a shell command prints.
func shell(_ command: String) -> String {
  (try? Shell.run(command + " 2>&1").output) ?? "could not be run"
}

extension String {
  fileprivate func replacingURL(with url: String) -> String {
    split(separator: " ", omittingEmptySubsequences: false).map { word in
      word.hasPrefix("URL") ? url + word.dropFirst(3) : String(word)
    }.joined(separator: " ")
  }

  /// How often `part` stands in it.
  func count(of part: String) -> Int {
    var count = 0
    var rest = Substring(self)
    while let found = rest.firstRange(of: part) {
      count += 1
      rest = rest[found.upperBound...]
    }
    return count
  }

  /// Without the `Date` line, which nobody can know beforehand.
  var withoutDate: String {
    replacing(/Date: [^\r]*\r\n/, with: "")
  }
}

/// What a handler on a loop tells the test's own thread.
final class Notes: Sendable {
  private let stored = Mutex<[String]>([])

  func add(_ note: String) { stored.withLock { $0.append(note) } }
  var all: [String] { stored.withLock { $0 } }
}
