import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

/// The start as a gateway does it: docs/ENVIRONMENT.md, "A listening socket that is handed over".
@Suite struct `A function that is handed a socket` {
  @Test func `says that it is ready with one byte, and answers`() async throws {
    let start = try HandedStart("hello")
    #expect(start.readiness() == "R")
    #expect(try start.program.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nAda").body == "Hello, Ada!")
    start.program.send(SIGTERM)
    #expect(try await start.program.end().cause == .status(0))
    #expect(start.program.errorsToTheEnd().isEmpty, "it has nothing to say")
  }

  @Test func `serves calls that came before it was ready`() throws {
    let start = try HandedStart("hello") { address in
      let early = try RawClient(address)
      try early.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      return early
    }
    #expect(start.early?.receiveAnswer().body == "Hello, World!")
    #expect(start.readiness() == "R")
  }

  @Test func `opens no port of its own`() throws {
    let port = freePort()
    let metrics = freePort()
    let start = try HandedStart("hello", ["port": "\(port)", "metrics_port": "\(metrics)"])
    #expect(start.readiness() == "R")
    for port in [port, metrics] {
      let error = #expect(throws: SystemError.self) { try RawClient(.loopback(port: port)) }
      #expect(error?.code == ECONNREFUSED)
    }
  }

  @Test func `whose start fails ends the line without a byte, and says why`() async throws {
    let start = try HandedStart("lifecycle-fixture", ["FIXTURE": "fail"])
    #expect(start.readiness() == "")
    #expect(try await start.program.end().cause == .status(1))
    let said = start.program.errorsToTheEnd()
    #expect(said.contains("the database is not there"), "\(said)")
    #expect(!said.contains("stop hook"), "nothing was opened that would have to be closed")
  }

  @Test func `whose start hangs ends when it is told to`() async throws {
    let start = try HandedStart("lifecycle-fixture", ["FIXTURE": "hang"])
    _ = start.program.errors(through: "start hook")
    start.program.send(SIGTERM)
    #expect(start.readiness() == "")
    #expect(try await start.program.end().cause == .status(0))
    #expect(start.program.errorsToTheEnd().contains("before it was ready"))
  }

  @Test func `that is not a listening one says so`() async throws {
    let pipe = try Pipe()
    let program = try StartedProgram(
      "hello", at: .loopback(port: 1), ["LISTEN_FDS": "1", "LISTEN_FDNAMES": "http"],
      descriptors: [3: pipe.reading.raw], tellsListenPID: true)
    #expect(program.errorsToTheEnd().contains("not a listening socket"))
    #expect(try await program.end().cause == .status(1))
  }

  @Test func `meant for another process leaves it alone`() throws {
    let listener = try Listener.bind(.loopback(port: freePort()))
    let port = freePort()
    let program = try StartedProgram(
      "hello", at: .loopback(port: port),
      ["LISTEN_FDS": "1", "LISTEN_PID": "1", "port": "\(port)", "metrics_port": "\(freePort())"],
      descriptors: [3: listener.raw])
    _ = program.errors(through: "\"ready\"")
    #expect(try program.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status == 200)
  }
}

/// A program started as a gateway starts it, on a Unix socket of its own.
private struct HandedStart {
  let program: StartedProgram
  let early: RawClient?
  private let folder: Folder
  private let ready: Reading

  init(
    _ name: String, _ environment: [String: String] = [:], before: (SocketAddress) throws -> RawClient? = { _ in nil }
  ) throws {
    folder = try Folder()
    let address = SocketAddress.unix("\(folder.path)/s")
    let listener = try Listener.bind(address)
    let pipe = try Pipe(nonBlocking: false)
    early = try before(address)
    var all = ["LISTEN_FDS": "1", "LISTEN_FDNAMES": "http", "APUS_READY_FD": "4"]
    all.merge(environment) { $1 }
    program = try StartedProgram(
      name, at: address, all, descriptors: [3: listener.raw, 4: pipe.writing.raw], tellsListenPID: true)
    ready = Reading(pipe.takeReading().release())
  }

  /// All that came on descriptor 4 until its end; with “…” behind it if that did not come.
  func readiness() -> String { ready.toTheEnd() }

  private final class Folder {
    let path: String

    init() throws {
      var template = Array("/tmp/apus-start-XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else { throw SystemError(errno, "make a folder") }
      path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
      unlink("\(path)/s")
      rmdir(path)
    }
  }

  private final class Reading {
    private let descriptor: CInt

    init(_ descriptor: CInt) { self.descriptor = descriptor }
    deinit { close(descriptor) }

    func toTheEnd() -> String {
      var bytes: [UInt8] = []
      while let byte = StartedProgram.next(descriptor) { bytes.append(byte) }
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      return String(decoding: bytes, as: UTF8.self) + (poll(&waiting, 1, 0) == 1 ? "" : "…")
    }
  }
}
