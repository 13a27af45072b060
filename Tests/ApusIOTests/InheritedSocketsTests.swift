import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

@Suite struct `Inherited sockets` {
  private static func entries(_ values: [String: String]) throws -> [String] {
    try InheritedSockets.promised(by: ProcessEnvironment(values), to: 42).map { "\($0.descriptor) \($0.name)" }
  }

  @Test(
    arguments: [
      ([:], []),
      (["LISTEN_PID": "42"], []),
      (["LISTEN_FDS": "1"], []),
      (["LISTEN_PID": "43", "LISTEN_FDS": "1"], []),
      // It speaks to another process: what is wrong with the rest is that one's business.
      (["LISTEN_PID": "43", "LISTEN_FDS": "many"], []),
      (["LISTEN_PID": "42", "LISTEN_FDS": "0"], []),
      (["LISTEN_PID": "42", "LISTEN_FDS": "2"], ["3 ", "4 "]),
      (
        ["LISTEN_PID": "42", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "http:admin"],
        ["3 http", "4 admin"]
      ),
      (
        ["LISTEN_PID": "42", "LISTEN_FDS": "3", "LISTEN_FDNAMES": ":admin"],
        ["3 ", "4 admin", "5 "]
      ),
      (
        ["LISTEN_PID": "42", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "http:too:many"],
        ["3 http"]
      ),
    ] as [([String: String], [String])])
  func `are what the environment promises`(environment: [String: String], entries: [String]) throws {
    #expect(try Self.entries(environment) == entries)
  }

  @Test(arguments: ["", "x", "-1", "1001", "99999999999999999999", " 1", "1 ", "0x1", "+1"])
  func `are refused when their number is malformed`(count: String) {
    #expect(throws: InheritedSocketsError.malformed("LISTEN_FDS", count)) {
      _ = try Self.entries(["LISTEN_PID": "42", "LISTEN_FDS": count])
    }
  }

  @Test(arguments: ["", "x", "42 ", "99999999999", "+42"])
  func `are refused when their process is malformed`(pid: String) {
    #expect(throws: InheritedSocketsError.malformed("LISTEN_PID", pid)) {
      _ = try Self.entries(["LISTEN_PID": pid, "LISTEN_FDS": "1"])
    }
    #expect(InheritedSocketsError.malformed("LISTEN_PID", pid).description.hasPrefix("LISTEN_PID is “\(pid)”"))
  }

  private static func environment(_ count: Int, names: String? = nil) -> ProcessEnvironment {
    var values = ["LISTEN_PID": "\(getpid())", "LISTEN_FDS": "\(count)"]
    values["LISTEN_FDNAMES"] = names
    return ProcessEnvironment(values)
  }

  /// The descriptor that is taken, and left open.
  private static func number(
    _ name: String, _ environment: ProcessEnvironment
  ) throws(InheritedSocketsError) -> CInt? {
    guard let taken = try InheritedSockets.take(name, from: environment) else { return nil }
    return taken.release()
  }

  /// Lends descriptors 3 and 4 to `body`, in a process of its own: the language's thread pool has them, and gets them
  /// back.
  private static func with(_ three: CInt, _ four: CInt, _ body: () throws -> Void) rethrows {
    let kept = [3, 4].map { fcntl($0, F_DUPFD_CLOEXEC, 100) }
    defer { for (number, copy) in zip([3, 4] as [CInt], kept) { dup2(copy, number) } }
    for (number, copy) in [(3, three), (4, four)] as [(CInt, CInt)] {
      if copy >= 0 { dup2(copy, number) } else { close(number) }
    }
    try body()
  }

  @Test func `are taken by name, or the only one`() async {
    await #expect(processExitsWith: .success) {
      let first = try listenOnLoopback()
      let second = try listenOnLoopback()
      let (three, four) = (fcntl(first.raw, F_DUPFD, 100), fcntl(second.raw, F_DUPFD, 100))
      let secondAddress = try Listener.localAddress(second.raw)
      var numbers: [CInt?] = []
      var address: SocketAddress?
      try Self.with(three, four) {
        let both = Self.environment(2, names: "http:admin")
        numbers.append(try Self.number("none", both))
        numbers.append(try Self.number("admin", both))
        numbers.append(try Self.number("whatever", Self.environment(1)))
        numbers.append(try Self.number("http", ProcessEnvironment([:])))
        address = try Listener.localAddress(4)
      }
      #expect(numbers == [nil, 4, 3, nil])
      #expect(address == secondAddress)
    }
  }

  @Test func `must be sockets that listen`() async {
    await #expect(processExitsWith: .success) {
      let (left, _) = try socketPair()
      let null = open("/dev/null", O_RDONLY)
      // Connected, no socket at all, not even open.
      for descriptor in [fcntl(left, F_DUPFD, 100), fcntl(null, F_DUPFD, 100), -1] {
        var error: InheritedSocketsError?
        Self.with(descriptor, -1) {
          do throws(InheritedSocketsError) { _ = try Self.number("", Self.environment(1)) } catch let thrown {
            error = thrown
          }
        }
        #expect(error == .notListening(3))
      }
      #expect(InheritedSocketsError.notListening(3).description.hasPrefix("descriptor 3 was promised"))
    }
  }

  @Test func `reach a child that takes them by the protocol`() async throws {
    let program = """
      import os, socket
      assert int(os.environ["LISTEN_PID"]) == os.getpid(), os.environ
      listener = socket.socket(fileno=3)
      connection, _ = listener.accept()
      connection.sendall(f"{os.environ['LISTEN_PID']} {os.environ['LISTEN_FDS']}".encode())
      """
    try await onLoop { loop in
      let listening = try listenOnLoopback()
      // A stale one of ours must not be what the child finds.
      let environment = ["LISTEN_FDS": "1", "LISTEN_PID": "1", "PATH": "/usr/bin:/bin"]
      var plan = ChildProcess.Plan("/usr/bin/python3", ["-c", program], environment: environment)
      plan.descriptors = [3: listening.raw]
      plan.tellsListenPID = true
      let child = try ChildProcess.spawn(plan)
      let stream = try await Stream.connect(to: try Listener.localAddress(listening.raw), on: loop)
      stream.setDeadline(.now() + .seconds(20), for: .read)
      #expect(try await stream.readToEnd() == "\(child.pid) 1")
      #expect(try await child.wait(on: loop).isSuccess)
      stream.close()
    }
  }
}
