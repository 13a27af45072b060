import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

@Suite(.enabled(if: isRoot, "namespaces and users of one's own need root")) struct `What an isolated program sees` {
  private func see(
    _ verbs: [String], sourceLocation: SourceLocation = #_sourceLocation,
    _ change: @escaping @Sendable (inout ChildProcess.Plan) -> Void = { _ in }
  ) async throws -> String {
    try await withFixture { folder in
      try await onLoop { loop in
        try await seen(folder, verbs, on: loop, sourceLocation: sourceLocation, change)
      }
    }
  }

  @Test func `is no process but its own`() async throws {
    #expect(try await see(["pid", "processes"]) == "1\n1\n")
  }

  @Test func `is a root with nothing but what it was given`() async throws {
    #expect(try await see(["list", "/"]) == "dev\nfunction\nproc\ntmp\n")
    #expect(try await see(["list", "/dev"]) == "fd\nfull\nnull\nrandom\nshm\nstderr\nstdin\nstdout\nurandom\nzero\n")
    #expect(try await see(["list", "/function"]) == "look\n")
    #expect(try await see(["show", "/etc/passwd", "show", "/proc/meminfo"]) == "ENOENT\nENOENT\n")
    let mounts = try await see(["show", "/proc/self/mounts"])
    #expect(!mounts.contains("cgroup") && !mounts.contains("devpts"), "\(mounts)")
  }

  @Test func `can't be changed where it was not meant to be`() async throws {
    let paths = ["/function/new", "/function/look", "/new", "/dev/new"]
    let refusals = try await see(paths.flatMap { ["write", $0] }).split(separator: "\n")
    // Landlock or the mount, whichever the kernel asks first.
    #expect(refusals.count == 4 && refusals.allSatisfy { $0 == "EROFS" || $0 == "EACCES" }, "\(refusals)")
    #expect(try await see(["write", "/tmp/new", "write", "/dev/null", "list", "/tmp"]) == "ok\nok\nnew\n")
    let writable = try await see(["write", "/new", "write", "/function/new"]) { $0.isolation?.root.isReadOnly = false }
    #expect(writable == "ok\nEROFS\n" || writable == "ok\nEACCES\n")
  }

  @Test func `is a /tmp of its own with a bound`() async throws {
    let output = try await see(["fill", "/tmp/large"]) { $0.isolation?.root.scratchBytes = 1 << 20 }
    #expect(output == "1048576 ENOSPC\n")
    #expect(access("/tmp/large", F_OK) != 0)
  }

  @Test func `is its secrets, readable to nobody else`() async throws {
    try await withFixture { folder in
      try await withFolder { secrets in
        try writeFile("\(secrets)/key", "open sesame", mode: 0o400)
        chown("\(secrets)/key", 12_345, 12_346)
        chown(secrets, 12_345, 12_346)
        try await onLoop { loop in
          let place = "/var/openfaas/secrets"
          let verbs = ["show", "\(place)/key", "say", "", "write", "\(place)/key", "write", "\(place)/new"]
          let share: @Sendable (inout ChildProcess.Plan) -> Void = {
            $0.isolation?.root.shares.append(.readOnly(secrets, at: place))
          }
          let lines = try await seen(folder, verbs, on: loop, share).split(separator: "\n")
          #expect(lines[0] == "open sesame")
          #expect(lines.dropFirst().allSatisfy { $0 == "EACCES" || $0 == "EROFS" } && lines.count == 3)
          let other = try await seen(folder, ["show", "\(place)/key"], on: loop) {
            share(&$0)
            $0.isolation?.identity.user = 12_399
          }
          #expect(other == "EACCES\n")
        }
      }
    }
  }

  @Test func `is its volumes, written to as their group`() async throws {
    try await withFixture { folder in
      try await withFolder { volume in
        chown(volume, 0, 20_001)
        chmod(volume, 0o2770)
        try await onLoop { loop in
          let output = try await seen(folder, ["write", "/data/new", "list", "/data"], on: loop) {
            $0.isolation?.root.shares.append(.volume(volume, at: "/data"))
            $0.isolation?.identity.groups = [20_001]
          }
          #expect(output == "ok\nnew\n")
        }
        var status = stat()
        #expect(stat("\(volume)/new", &status) == 0 && status.st_gid == 20_001 && status.st_uid == 12_345)
      }
    }
  }

  @Test func `is its own host name, and texts that were put there`() async throws {
    let verbs = ["show", "/proc/self/uid_map", "show", "/etc/passwd", "getenv", "HOME", "getenv", "A"]
    let output = try await see(verbs) {
      $0.isolation?.root.files["/etc/passwd"] = "look:x:1:1::/:\n"
      $0.environment = ["A": "b"]
    }
    #expect(output.hasSuffix("look:x:1:1::/:\nunset\nb\n"))
  }

  @Test func `is the system's programs if it is not static`() async throws {
    try await onLoop { loop in
      var plan = shell("hostname; ls /; echo x > /usr/x || echo unwritable; cat /proc/loadavg | wc -l")
      plan.path = "/bin/sh"
      var isolation = Isolation()
      isolation.root.addSystemFolders()
      isolation.hostName = "look"
      plan.isolation = isolation.permitted(by: support).isolation
      let (exit, output, _) = try await run(plan, on: loop)
      #expect(exit.isSuccess)
      #expect(output.hasPrefix("look\nbin\ndev\netc\nlib"), "\(output)")
      #expect(output.hasSuffix("unwritable\n1\n"), "\(output)")
    }
  }
}
