import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

@Suite struct `A function that is stopped` {
  /// A call that `hello` waits in: it has asked for the content, which is still to be sent.
  private static func callInFlight(_ program: StartedProgram) throws -> RawClient {
    let client = try program.connect()
    try client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    #expect(client.receive(through: "\r\n\r\n").hasPrefix("HTTP/1.1 100"))
    return client
  }

  @Test func `finishes the call under way and takes no other`() async throws {
    let hello = try StartedProgram.alone("hello")
    _ = hello.errors(through: "\"ready\"")
    let call = try Self.callInFlight(hello)
    let idle = try hello.connect()
    hello.send(SIGTERM)
    #expect(hello.refusesConnections())
    #expect(idle.receiveAll() == ("", true), "nobody's connection is kept")
    try call.send("Ada")
    let answer = call.receiveAnswer()
    #expect(answer.status == 200)
    #expect(answer.body == "Hello, Ada!")
    #expect(answer.header("Connection") == "close")
    #expect(try await hello.end().cause == .status(0))
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP]) func `while nobody calls ends at once, and whole`(signal: CInt)
    async throws
  {
    let hello = try StartedProgram.alone("hello")
    _ = hello.errors(through: "\"ready\"")
    hello.send(signal)
    #expect(try await hello.end().cause == .status(0))
    #expect(kill(hello.pid, 0) != 0, "no zombie is left")
  }

  @Test func `is not ready first, and serves on, for as long as healthcheck_interval says`() async throws {
    let hello = try StartedProgram.alone("hello", ["healthcheck_interval": "300s"])
    _ = hello.errors(through: "\"ready\"")
    let prober = try hello.connect()
    func ready() throws -> Int {
      try prober.send("GET /_/ready HTTP/1.1\r\nHost: x\r\n\r\n")
      return prober.receiveAnswer().status
    }
    #expect(try ready() == 200)
    hello.send(SIGTERM)
    let limit = Instant.now() + .seconds(10)
    while try ready() == 200, Instant.now() < limit { sched_yield() }
    #expect(try ready() == 503)
    #expect(try hello.ask("GET /_/health HTTP/1.1\r\nHost: x\r\n\r\n").status == 503)
    #expect(try hello.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status == 200, "calls are still served")
    hello.send(SIGTERM)
    #expect(try await hello.end().cause == .status(1), "a second signal ends it at once")
  }

  @Test func `twice does not wait for the call under way`() async throws {
    let hello = try StartedProgram.alone("hello")
    _ = hello.errors(through: "\"ready\"")
    let call = try Self.callInFlight(hello)
    hello.send(SIGTERM)
    #expect(hello.refusesConnections())
    hello.send(SIGTERM)
    #expect(try await hello.end().cause == .status(1))
    #expect(call.receiveAll().isEnded)
  }

  @Test func `hears the signal though its starter blocked it`() throws {
    // A blocked signal stays so through execve(2).
    let starter = """
      import signal, subprocess, sys
      block = lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGINT])
      variables = {"port": sys.argv[2], "metrics_port": sys.argv[3]}
      hello = subprocess.Popen([sys.argv[1]], env=variables, stderr=subprocess.PIPE, preexec_fn=block)
      for line in hello.stderr:
        if b'"ready"' in line: break
      hello.terminate()
      try: print(hello.wait(10))
      except subprocess.TimeoutExpired: hello.kill(); print("deaf")
      """
    let ports = "\(freePort()) \(freePort())"
    let ended = try Shell.run("python3 - \(try BuiltProgram.path("hello")) \(ports)", input: Array(starter.utf8))
    #expect(ended.output == "0\n")
  }

  @Test func `cuts what takes longer than write_timeout`() async throws {
    let hello = try StartedProgram.alone("hello", ["write_timeout": "50ms"])
    _ = hello.errors(through: "\"ready\"")
    let call = try Self.callInFlight(hello)
    hello.send(SIGTERM)
    #expect(try await hello.end().cause == .status(1), "what was cut is no clean end")
    #expect(call.receiveAll().isEnded)
  }

  @Test func `waits for background work, then runs its stop hook, then goes on behind serve`() async throws {
    let pipe = try Pipe(nonBlocking: false)
    let port = freePort()
    let fixture = try StartedProgram(
      "lifecycle-fixture", at: .loopback(port: port),
      ["port": "\(port)", "metrics_port": "\(freePort())"], descriptors: [5: pipe.reading.raw])
    let start = fixture.errors(through: "\"ready\"")
    #expect(start.hasPrefix("start hook\n"))
    #expect(try fixture.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").body == "answered")
    fixture.send(SIGTERM)
    #expect(fixture.refusesConnections())
    // The end of the pipe lets the work go on.
    let reading = pipe.takeReading()
    let said = fixture.errorsToTheEnd().split(separator: "\n")
    #expect(said.filter { !$0.hasPrefix("{") } == ["background work done", "stop hook", "serve returned"], "\(said)")
    #expect(try await fixture.end().cause == .status(0))
    _ = reading
  }
}
