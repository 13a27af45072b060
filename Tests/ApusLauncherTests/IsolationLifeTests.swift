import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

@Suite(.enabled(if: isRoot, "namespaces and users of one's own need root")) struct `The life of an isolated program` {
  @Test(arguments: [false, true])
  func `ends with its status`(needsInit: Bool) async throws {
    try await withFixture { folder in
      try await onLoop { loop in
        var plan = look(folder, ["exit", "7"])
        plan.isolation?.needsInit = needsInit
        let exit = try await run(plan, on: loop).exit
        #expect(exit.cause == .status(7))
        plan.arguments = ["orphan"]
        let output = try await run(plan, on: loop).output
        #expect(output == (needsInit ? "reaped\n" : "left\n"))
      }
    }
  }

  @Test func `hears SIGTERM under an init, and not as a first process`() async throws {
    try await withFixture { folder in
      try await onLoop { loop in
        var plan = look(folder, ["pause"])
        plan.isolation?.needsInit = true
        let child = try ChildProcess.spawn(plan)
        let isSent = child.send(SIGTERM)
        #expect(isSent)
        // The shell's way to name a signal, since a first process can't die of one.
        #expect(try await child.wait(on: loop, deadline: .now() + .seconds(20)).cause == .status(128 + SIGTERM))

        plan.isolation?.needsInit = false
        let first = try ChildProcess.spawn(plan)
        first.send(SIGTERM)
        await #expect(throws: IOError.expired) {
          _ = try await first.wait(on: loop, deadline: .now() + .milliseconds(50))
        }
      }
    }
  }

  @Test func `is told its own pid under an init, and has only its own descriptors`() async throws {
    try await withFixture { folder in
      try await onLoop { loop in
        let output = try await seen(folder, ["pid", "getenv", "LISTEN_PID", "list", "/proc/self/fd"], on: loop) {
          $0.isolation?.needsInit = true
          $0.tellsListenPID = true
          $0.descriptors[5] = 0
        }
        #expect(output == "2\n2\n0\n1\n2\n3\n5\n", "the fourth is the folder that is read")
      }
    }
  }

  @Test func `ends its whole family with it`() async throws {
    try await withFixture { folder in
      try await onLoop { loop in
        let pipe = try Pipe()
        var plan = look(folder, ["family"])
        plan.descriptors[3] = pipe.writing.raw
        let output: Stream
        do {
          let child = try ChildProcess.spawn(plan)
          output = try Stream(pipe.takeReading(), on: loop)
          var text = ""
          while text.utf8.count < 4 { text += try await output.readText() }
          #expect(child.pid > 0)
        }
        #expect(try await output.readToEnd() == "", "all ends of the pipe are closed")
        output.close()
      }
    }
  }

  @Test func `ends when the program that started it is killed`() async throws {
    try await withFixture { folder in
      try await onLoop { loop in
        let pipe = try Pipe()
        var plan = ChildProcess.Plan(product("isolation-launcher"), ["run", folder, "look", "family"])
        plan.descriptors[3] = pipe.writing.raw
        // Only the launcher itself is killed, not its group.
        plan.ownProcessGroup = false
        let launcher = try ChildProcess.spawn(plan)
        let output = try Stream(pipe.takeReading(), on: loop)
        var text = ""
        while text.utf8.count < 4 { text += try await output.readText() }
        launcher.send(SIGKILL)
        _ = try await launcher.wait(on: loop)
        output.setDeadline(.now() + .seconds(20), for: .read)
        #expect(try await output.readToEnd() == "", "all ends of the pipe are closed")
        output.close()
      }
    }
  }

  @Test func `leaves nothing after five hundred of them`() async {
    await #expect(processExitsWith: .success) {
      _ = support
      let tree = CgroupTree.find()
      try tree?.prepare()
      try await withFixture { folder in
        try await onLoop { loop in
          _ = try await seen(folder, ["pid"], on: loop)
          let before = (openDescriptors(), contents("/proc/self/mountinfo"))
          for round in 0..<500 {
            var plan = look(folder, ["say", "hello"])
            plan.isolation?.needsInit = round % 2 == 0
            if let tree, support.permits(.resources) {
              let cgroup = try Cgroup("round-\(round)", limits: ResourceLimits(memory: 64 << 20), in: tree)
              let child = try ChildProcess.spawn(plan, in: cgroup)
              // One in ten is dropped instead.
              if round % 10 != 0 { #expect(try await child.wait(on: loop).isSuccess) }
              _ = consume child
            } else {
              let child = try ChildProcess.spawn(plan)
              if round % 10 != 0 { #expect(try await child.wait(on: loop).isSuccess) }
            }
          }
          #expect(openDescriptors() == before.0)
          #expect(children().isEmpty)
          #expect(contents("/proc/self/mountinfo") == before.1)
        }
      }
      for hierarchy in tree?.hierarchies ?? [] {
        let folder = "\(hierarchy.folder)/\(tree?.name ?? "")"
        #expect(!names(in: folder).contains { $0.hasPrefix("round-") }, "\(folder)")
      }
      tree?.remove()
    }
  }
}
