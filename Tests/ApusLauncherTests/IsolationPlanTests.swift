import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

@Suite struct `An isolation that is less than wanted` {
  private static let oneUser = "uids: one, separation by mounts only"
  private static let eachProcess = "memory: per process, not per replica"

  @Test func `says what is missing, and keeps the rest`() {
    let poor = IsolationSupport(
      way: .userNamespaces,
      refusals: [.identity: Self.oneUser, .resources: Self.eachProcess],
      landlockVersion: 3)
    let wanted = Isolation(identity: Isolation.Identity(user: 5, group: 5, groups: [9]))
    let reduced = wanted.permitted(by: poor)
    #expect(reduced.missing.map(\.text) == [Self.oneUser, Self.eachProcess])
    #expect(reduced.isolation.layers == Set(Isolation.Layer.allCases).subtracting([.identity, .resources]))
    #expect(reduced.isolation.landlockVersion == 3)
    #expect(reduced.isolation.identity.groups == [], "nobody can give them")
  }

  @Test func `is whole for root, who needs no user namespace`() {
    let rich = IsolationSupport(way: .root, refusals: [.users: "root needs none"], landlockVersion: 7)
    let reduced = Isolation().permitted(by: rich)
    #expect(reduced.missing == [])
    #expect(!reduced.isolation.layers.contains(.users))
  }

  @Test func `finds its files where they are from, without a root of its own`() {
    var wanted = Isolation(root: Isolation.Root(shares: [.program("/a/b", at: "/f"), .volume("/c", at: "/f/data")]))
    #expect(wanted.location(of: "/f/run") == "/f/run")
    wanted.layers.remove(.mounts)
    #expect(wanted.location(of: "/f/run") == "/a/b/run")
    #expect(wanted.location(of: "/f") == "/a/b")
    #expect(wanted.location(of: "/f/data/x") == "/c/x")
    #expect(wanted.location(of: "/fg") == "/fg")
  }

  @Test func `does not name what was not wanted`() {
    var wanted = Isolation()
    wanted.layers.remove(.network)
    let support = IsolationSupport(way: .root, refusals: [.network: "network: the machine's"])
    #expect(wanted.permitted(by: support).missing == [])
  }
}

/// What an ordinary user gets, seen by a program that such a user starts.
@Suite(.enabled(if: isRoot || geteuid() != 0, "root can't become another user here")) struct `An ordinary user` {
  /// Runs the launcher as nobody if we are root, else as we are.
  private func launch(_ arguments: [String], on loop: Loop, in folder: String) async throws -> String {
    try copy(product("isolation-launcher"), to: "\(folder)/launcher")
    var plan = ChildProcess.Plan("\(folder)/launcher", arguments)
    if isRoot {
      plan.isolation = Isolation(layers: [.identity, .capabilities], identity: .nobody)
      plan.directory = "/"
    }
    let (exit, output, _) = try await run(plan, on: loop)
    #expect(exit.isSuccess, "\(exit)")
    return output
  }

  @Test func `is told what is not to be had`() async throws {
    try await withFixture { folder in
      try await onLoop { loop in
        let lines = try await launch(["support"], on: loop, in: folder).split(separator: "\n").map(String.init)
        #expect(lines.count == Isolation.Layer.allCases.count)
        #expect(lines.contains("identity no: uids: one, separation by mounts only"))
        #expect(lines.contains("resources no: memory: per process, not per replica"))
        #expect(lines.contains("systemCalls yes: system calls: filtered"))
      }
    }
  }

  @Test func `has the same view inside, by way of a user namespace`() async throws {
    try await withFixture { folder in
      try await onLoop { loop in
        let support = try await launch(["support"], on: loop, in: folder)
        guard support.contains("mounts yes"), support.contains("network yes") else {
          // What is refused is said; there is nothing more to see on such a machine.
          #expect(support.contains("mounts no: files: the machine's"), "\(support)")
          return
        }
        let verbs = ["pid", "processes", "ids", "list", "/", "write", "/function/x", "write", "/tmp/x", "loop-back"]
        let output = try await launch(["run", folder, "look"] + verbs, on: loop, in: folder)
        let expected = ["1", "1", "12345 12345", "dev", "function", "proc", "tmp", "*", "ok", "ok", "exit status 0"]
        let lines = output.split(separator: "\n").map(String.init)
        #expect(lines.count == expected.count, "\(output)")
        for (line, wanted) in zip(lines, expected) {
          #expect(wanted == "*" ? line == "EROFS" || line == "EACCES" : line.hasPrefix(wanted), "\(output)")
        }
        let status = try await launch(["run", folder, "look", "show", "/proc/self/status"], on: loop, in: folder)
        for line in ["CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"] {
          #expect(status.contains(line), "\(line)")
        }
        let refused = try await launch(["run", folder, "look", "refused"], on: loop, in: folder)
        #expect(refused.contains("mount EPERM\n") && refused.contains("unshare-user EPERM\n"), "\(refused)")
      }
    }
  }
}
