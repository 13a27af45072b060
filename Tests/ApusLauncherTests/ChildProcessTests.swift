import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

@Suite struct `A child process` {
  @Test(arguments: [
    ("exit 0", ChildProcess.Exit.Cause.status(0), "exit status 0"), ("exit 3", .status(3), "exit status 3"),
    ("exit 255", .status(255), "exit status 255"),
    ("kill -TERM $$", .signal(SIGTERM, dumpedCore: false), "signal 15 (Terminated)"),
    ("kill -KILL $$", .signal(SIGKILL, dumpedCore: false), "signal 9 (Killed)"),
  ])
  func `ends with a status or a signal`(script: String, cause: ChildProcess.Exit.Cause, text: String) async throws {
    try await onLoop { loop in
      let exit = try await run(shell(script), on: loop).exit
      #expect(exit.cause == cause)
      #expect(exit.description == text)
      #expect(exit.isSuccess == (cause == .status(0)))
    }
  }

  @Test(arguments: [0, UInt64.max])
  func `says whether it dumped core`(limit: UInt64) async throws {
    try await withFolder { folder in
      try await onLoop { loop in
        var plan = shell("kill -ABRT $$")
        plan.directory = folder
        plan.limits = [.coreSize(limit)]
        let exit = try await run(plan, on: loop).exit
        guard case .signal(SIGABRT, let dumpedCore) = exit.cause else {
          Issue.record("\(exit)")
          return
        }
        // Where the kernel hands cores to a program instead of a file (core(5)), nothing is in the folder.
        let isPiped = contents("/proc/sys/kernel/core_pattern").hasPrefix("|")
        #expect(dumpedCore == !names(in: folder).isEmpty || isPiped)
        if limit == 0 { #expect(!dumpedCore) }
      }
    }
  }

  @Test func `says what it used`() async throws {
    try await onLoop { loop in
      let start = Instant.now()
      let busy = try await run(shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"), on: loop).exit
      let used = busy.userTime + busy.systemTime
      #expect(used > .milliseconds(5))
      #expect(used < Instant.now().since(start) + .milliseconds(20), "one thread can't use more than went by")
      #expect(busy.peakMemory > 256 << 10)
    }
  }

  @Test func `works in the folder it was given, or in ours`() async throws {
    try await withFolder { folder in
      try await onLoop { loop in
        var plan = ChildProcess.Plan("/bin/pwd")
        plan.directory = folder
        #expect(try await run(plan, on: loop).output == folder + "\n")
        plan.directory = nil
        let folder = try #require(getcwd(nil, 0))
        defer { free(folder) }
        let ours = String(cString: folder)
        #expect(try await run(plan, on: loop).output == ours + "\n")
      }
    }
  }

  @Test func `gets its arguments as they are`() async throws {
    let arguments = ["%s|", "a b", "", "ü\n", "'\"$HOME", "-x"]
    try await onLoop { loop in
      let output = try await run(ChildProcess.Plan("/usr/bin/printf", arguments), on: loop).output
      #expect(output == "a b||ü\n|'\"$HOME|-x|")
    }
  }

  @Test func `gets the environment it was given and nothing else`() async throws {
    try await onLoop { loop in
      #expect(try await run(ChildProcess.Plan("/usr/bin/env"), on: loop).output == "")
      let environment = ["A": "1", "B": "x=y", "EMPTY": "", "LONG": String(repeating: "z", count: 100_000)]
      let plan = ChildProcess.Plan("/usr/bin/env", environment: environment)
      let lines = try await run(plan, on: loop).output.split(separator: "\n").map(String.init)
      #expect(lines.sorted() == environment.map { "\($0.key)=\($0.value)" }.sorted())
    }
  }

  @Test func `learns its own pid as LISTEN_PID, once`() async throws {
    try await onLoop { loop in
      // Ours, where we were started by the same protocol: the child must not find it first, or at all.
      var plan = ChildProcess.Plan("/usr/bin/env", environment: ["LISTEN_PID": "12345", "Z": "1"])
      plan.tellsListenPID = true
      let result = try await run(plan, on: loop)
      #expect(result.output.split(separator: "\n").sorted() == ["LISTEN_PID=\(result.pid)", "Z=1"])
    }
  }

  private static func signals(in status: String) -> [Substring] {
    status.split(separator: "\n").filter { row in ["SigBlk", "SigIgn", "SigCgt"].contains { row.hasPrefix($0) } }
  }

  @Test func `starts with no signal blocked, ignored or handled`() async {
    await #expect(processExitsWith: .success) {
      signal(SIGPIPE, SIG_IGN)
      signal(SIGINT, SIG_IGN)
      signal(SIGUSR1) { _ in }
      try await onLoop { loop in
        var blocked = sigset_t()
        sigemptyset(&blocked)
        sigaddset(&blocked, SIGUSR2)
        sigaddset(&blocked, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &blocked, nil)
        let ours = contents("/proc/thread-self/status")
        let status = try await run(ChildProcess.Plan("/bin/cat", ["/proc/self/status"]), on: loop).output
        let sets = Self.signals(in: status).map { $0.split(separator: "\t") }
        for name in ["SigBlk:", "SigIgn:", "SigCgt:"] {
          let set = try #require(sets.first { $0.first.map(String.init) == name }?.last)
          #expect(set == "0000000000000000", "\(name)")
        }
        #expect(
          Self.signals(in: contents("/proc/thread-self/status")) == Self.signals(in: ours), "ours are as they were")
      }
      raise(SIGPIPE)
      raise(SIGINT)
    }
  }

  @Test func `has its limits`() async throws {
    try await onLoop { loop in
      var plan = ChildProcess.Plan("/bin/cat", ["/proc/self/limits"])
      plan.limits = [.openFiles(123), .addressSpace(512 << 20), .processes(4321), .processorSeconds(7), .coreSize(0)]
      let rows = try await run(plan, on: loop).output.split(separator: "\n").map {
        $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
      }
      for row in [
        "Max open files 123 123 files", "Max address space 536870912 536870912 bytes",
        "Max processes 4321 4321 processes", "Max cpu time 7 7 seconds", "Max core file size 0 0 bytes",
      ] {
        #expect(rows.contains(row))
      }
    }
  }

  @Test func `is ended by its limits`() async throws {
    try await onLoop { loop in
      var plan = shell("while :; do :; done")
      plan.limits = [.processorSeconds(1)]
      let exit = try await run(plan, on: loop).exit
      // Soft and hard limit are one, and the hard one kills (setrlimit(2), RLIMIT_CPU).
      #expect(exit.cause == .signal(SIGKILL, dumpedCore: false))
    }
  }
}
