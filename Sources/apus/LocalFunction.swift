import ApusIO
import Glibc

/// One function of the stack as a child of `apus up`.
final class LocalFunction {
  let name: String
  let url: String
  /// From the start to its own word that it is ready.
  private(set) var startTime = ""

  private let program: String
  private let socket: Descriptor
  private var child: ChildProcess?
  private var hasEnded = false
  private var started = Instant.now()
  /// The end of the pipe on which it says that it is ready.
  private var ready: CInt = -1
  private var ended: UnsafeContinuation<Void, Never>?

  /// How long a function may take to say that it is ready.
  private static let startLimit: Duration = .seconds(10)
  /// What a function gets to finish its calls; it cuts them itself after 30 s.
  private static let stopLimit: Duration = .seconds(35)

  init(_ name: String, port: UInt16) throws {
    self.name = name
    program = "\(LocalFunction.folderOfThisProgram)/\(name)"
    guard access(program, X_OK) == 0 else {
      throw LocalFunctionError(
        description: "\(name) is not built: there is no program \(program). Run `make build` (or swift build)")
    }
    socket = try Listener.bind(.loopback(port: port))
    url = "http://\(try Listener.localAddress(socket.raw))"
  }

  /// Starts the program; `waitForEnd` must follow.
  func spawn() throws {
    let pipe = try Pipe()
    var plan = ChildProcess.Plan(program, environment: environment)
    plan.descriptors = [3: socket.raw, 4: pipe.writing.raw]
    plan.tellsListenPID = true
    // Whatever becomes of us, no function is left behind: it gets the signal and ends in order.
    plan.deathSignal = SIGTERM
    started = .now()
    child = try ChildProcess.spawn(plan)
    ready = fcntl(pipe.reading.raw, F_DUPFD_CLOEXEC, 3)
  }

  /// Waits for its own word that it is ready.
  func waitUntilReady(on loop: Loop) async throws {
    guard ready >= 0 else { throw SystemError(EBADF, "wait for", name) }
    let stream = try Stream(Descriptor(owning: ready), on: loop)
    defer { stream.close() }
    stream.setDeadline(started + LocalFunction.startLimit, for: .read)
    var word: UInt8 = 0
    do throws(IOError) {
      while true {
        let count = try withUnsafeMutableBytes(of: &word) { bytes throws(IOError) in try stream.tryRead(into: bytes) }
        if let count {
          guard count == 1, word == UInt8(ascii: "R") else { break }
          let microseconds = Instant.now().since(started) / .microseconds(1)
          startTime = "\((microseconds / 100).rounded() / 10) ms"
          return
        }
        try await stream.readable()
      }
    } catch {
      throw LocalFunctionError(
        description: "\(name) was not ready within \(LocalFunction.startLimit). What does its start hook wait for?")
    }
    throw LocalFunctionError(description: "\(name) ended before it was ready. Its lines above say why")
  }

  private var environment: [String: String] {
    var environment = ProcessEnvironment.current().values
    environment["OPENFAAS_NAME"] = name
    environment["LISTEN_FDS"] = "1"
    environment["LISTEN_FDNAMES"] = "http"
    environment["APUS_READY_FD"] = "4"
    environment["LISTEN_PID"] = nil
    return environment
  }

  /// Waits for its end, whoever causes it. One task does this, from the start to the end.
  func waitForEnd(on loop: Loop) async -> ChildProcess.Exit? {
    let exit = try? await child?.wait(on: loop)
    hasEnded = true
    ended?.resume()
    ended = nil
    return exit
  }

  /// Asks it to end, and kills it if it does not within the limit. Returns when it has ended.
  func stop(on loop: Loop) async {
    guard !hasEnded, child?.send(SIGTERM) == true else { return }
    let killer = LoopBound(self, to: loop)
    let timer = Timer { killer.value.child?.sendToGroup(SIGKILL) }
    loop.set(timer, to: loop.now + LocalFunction.stopLimit)
    await withUnsafeContinuation { ended = $0 }
    loop.remove(timer)
  }

  private static var folderOfThisProgram: String {
    guard let path = realpath("/proc/self/exe", nil) else { return "." }
    defer { free(path) }
    return String(cString: path).split(separator: "/").dropLast().reduce(into: "") { $0 += "/\($1)" }
  }
}

/// A function that could not be started.
struct LocalFunctionError: Error, CustomStringConvertible {
  /// What happened and what to do.
  let description: String
}
