import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

@Suite struct `A child's life` {
  @Test func `is waited for in pieces`() async throws {
    try await onLoop { loop in
      let child = try ChildProcess.spawn(ChildProcess.Plan("/bin/sleep", ["100"]))
      for _ in 0..<3 {
        let deadline = Instant.now() + .milliseconds(5)
        await #expect(throws: IOError.expired) { _ = try await child.wait(on: loop, deadline: deadline) }
        #expect(Instant.now() >= deadline)
      }
      #expect(loop.held.sources == 0)
      let isSent = child.send(SIGINT)
      #expect(isSent)
      let exit = try await child.wait(on: loop, deadline: .now() + .seconds(20))
      #expect(exit.cause == .signal(SIGINT, dumpedCore: false))
      #expect(!exists(child.pid))
      let (toIt, toGroup) = (child.send(SIGINT), child.sendToGroup(SIGINT))
      #expect(!toIt && !toGroup)
      let again = await #expect(throws: SystemError.self) { _ = try await child.wait(on: loop) }
      #expect(again?.code == ECHILD)
    }
  }

  @Test func `that is over is told at once, whatever the deadline`() async throws {
    try await onLoop { loop in
      let pipe = try Pipe()
      var plan = ChildProcess.Plan("/bin/true")
      plan.descriptors[3] = pipe.writing.raw
      let child = try ChildProcess.spawn(plan)
      let output = try Stream(pipe.takeReading(), on: loop)
      #expect(try await output.readText() == "", "the end of input is the end of the child, or nearly")
      output.close()
      let exit = try await child.wait(on: loop, deadline: .now() + .seconds(20))
      #expect(exit.isSuccess)
    }
  }

  @Test func `ends with its value`() async throws {
    let pid = try {
      let child = try ChildProcess.spawn(ChildProcess.Plan("/bin/sleep", ["100"]))
      #expect(exists(child.pid))
      return child.pid
    }()
    #expect(!exists(pid), "killed and reaped")
  }

  /// A child that starts a grandchild, which holds `pipe`'s end open for as long as it lives.
  private static func family(_ pipe: borrowing Pipe, ownGroup: Bool = true) -> ChildProcess.Plan {
    var plan = shell("sleep 100 & echo up >&3; wait")
    plan.descriptors = [3: pipe.writing.raw]
    plan.ownProcessGroup = ownGroup
    return plan
  }

  @Test func `ends with all that it started when its value is dropped`() async throws {
    try await onLoop { loop in
      let pipe = try Pipe()
      let output: Stream
      do {
        let child = try ChildProcess.spawn(Self.family(pipe))
        output = try Stream(pipe.takeReading(), on: loop)
        #expect(try await output.readText() == "up\n")
        #expect(getpgid(child.pid) == child.pid)
      }
      #expect(try await output.readToEnd() == "", "the grandchild's end of the pipe is closed too")
      output.close()
    }
  }

  @Test func `ends with all that it started when its group gets a signal`() async throws {
    try await onLoop { loop in
      let pipe = try Pipe()
      let child = try ChildProcess.spawn(Self.family(pipe))
      let output = try Stream(pipe.takeReading(), on: loop)
      #expect(try await output.readText() == "up\n")
      let isSent = child.sendToGroup(SIGTERM)
      #expect(isSent)
      #expect(try await child.wait(on: loop).cause == .signal(SIGTERM, dumpedCore: false))
      #expect(try await output.readToEnd() == "")
      output.close()
    }
  }

  @Test func `leaves nobody of its group behind when it ends by itself`() async throws {
    try await onLoop { loop in
      let pipe = try Pipe()
      var plan = shell("sleep 100 & echo up >&3; exit 4")
      plan.descriptors = [3: pipe.writing.raw]
      let child = try ChildProcess.spawn(plan)
      let output = try Stream(pipe.takeReading(), on: loop)
      #expect(try await output.readText() == "up\n")
      // After the wait the group's number may be another's: what is left of it has to go before.
      #expect(try await child.wait(on: loop).cause == .status(4))
      output.setDeadline(.now() + .seconds(10), for: .read)
      #expect(try await output.readToEnd() == "")
      output.close()
      _ = child.pid
    }
  }

  @Test func `is in our group if it has none of its own`() async throws {
    try await onLoop { loop in
      var plan = ChildProcess.Plan("/bin/sleep", ["100"])
      plan.ownProcessGroup = false
      let child = try ChildProcess.spawn(plan)
      #expect(getpgid(child.pid) == getpgrp())
      let isSent = child.sendToGroup(SIGTERM)
      #expect(isSent, "to it alone")
      #expect(try await child.wait(on: loop).cause == .signal(SIGTERM, dumpedCore: false))
    }
  }

  @Test func `ends with the thread that started it, if tied to it`() async throws {
    try await onLoop { loop in
      let child = Note<SharedChild?>(nil)
      let mayEnd = Turn()
      let starter = OwnThread {
        var plan = ChildProcess.Plan("/bin/sleep", ["100"])
        plan.deathSignal = SIGTERM
        let started = Result { try SharedChild(plan) }
        loop.execute { child.set(try? started.get()) }
        mayEnd.wait()
      }
      await child.wait { $0 != nil }
      let shared = try #require(child.value)
      await #expect(throws: IOError.expired) {
        _ = try await shared.process.wait(on: loop, deadline: .now() + .milliseconds(20))
      }
      mayEnd.pass()
      starter.join()
      let exit = try await shared.process.wait(on: loop, deadline: .now() + .seconds(20))
      #expect(exit.cause == .signal(SIGTERM, dumpedCore: false))
    }
  }
}
