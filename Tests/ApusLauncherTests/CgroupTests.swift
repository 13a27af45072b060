import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

private let hasLimits = isRoot && support.permits(.resources)

@Suite(.serialized, .enabled(if: hasLimits, "no cgroup controller may be used here")) struct `A cgroup` {
  /// A group with `limits` for the length of `body`, in a tree that is gone after it.
  private func withGroup(
    _ limits: ResourceLimits, _ body: @escaping @Sendable (Loop, String, borrowing Cgroup) async throws -> Void
  ) async throws {
    let tree = try #require(CgroupTree.find())
    try tree.prepare()
    defer { tree.remove() }
    try await withFixture { folder in
      try await onLoop { loop in
        let cgroup = try Cgroup("test", limits: limits, in: tree)
        try await body(loop, folder, cgroup)
        let isEmpty = cgroup.isEmpty()
        #expect(isEmpty)
      }
    }
    for hierarchy in tree.hierarchies {
      #expect(access("\(hierarchy.folder)/\(tree.name)/test", F_OK) != 0, "it went with its value")
    }
  }

  @Test(.enabled(if: support.controllers.contains("memory")), arguments: [false, true])
  func `ends what exceeds its memory, and says so`(needsInit: Bool) async throws {
    try await withGroup(ResourceLimits(memory: 32 << 20)) { loop, folder, cgroup in
      var plan = look(folder, ["memory", "8"])
      plan.isolation?.needsInit = needsInit
      let modest = try ChildProcess.spawn(plan, in: cgroup)
      let end = cgroup.explain(try await modest.wait(on: loop))
      #expect(end.description == "exit status 0")

      plan.arguments = ["memory", "128"]
      let greedy = try ChildProcess.spawn(plan, in: cgroup)
      let exit = cgroup.explain(try await greedy.wait(on: loop))
      #expect(exit.description == "out of memory (limit 32 MiB)")
      let kills = cgroup.outOfMemoryKills()
      #expect(kills == 1)
    }
  }

  @Test(.enabled(if: support.controllers.contains("pids")))
  func `holds a program that starts ever more of itself`() async throws {
    try await withGroup(ResourceLimits(processes: 20)) { loop, folder, cgroup in
      let pipe = try Pipe(nonBlocking: false)
      var plan = look(folder, ["multiply", "1000"])
      plan.descriptors[1] = pipe.writing.raw
      let child = try ChildProcess.spawn(plan, in: cgroup)
      let output = try Stream(pipe.takeReading(), on: loop)
      #expect(try await output.readText() == "19 EAGAIN\n")
      #expect(try await child.wait(on: loop).isSuccess)
      output.close()
    }
  }

  @Test func `counts what its processes use, and ends them all`() async throws {
    try await withGroup(ResourceLimits(memory: 64 << 20)) { loop, folder, cgroup in
      let pipe = try Pipe()
      var plan = look(folder, ["family"])
      plan.descriptors[3] = pipe.writing.raw
      let child = try ChildProcess.spawn(plan, in: cgroup)
      let output = try Stream(pipe.takeReading(), on: loop)
      var text = ""
      while text.utf8.count < 4 { text += try await output.readText() }
      let usage = cgroup.usage()
      #expect((usage.memory ?? 0) > 4096 && (usage.memory ?? 0) < 64 << 20)
      #expect(usage.processes ?? 4 == 4)
      #expect((usage.processorTime ?? .zero) > .zero)
      cgroup.kill()
      #expect(try await child.wait(on: loop).cause == .signal(SIGKILL, dumpedCore: false))
      let kills = cgroup.outOfMemoryKills()
      #expect(kills == 0, "killed, but not for want of memory")
      #expect(try await output.readToEnd() == "")
      output.close()
    }
  }

  @Test func `stands still while it is frozen`() async throws {
    try await withGroup(ResourceLimits()) { loop, folder, cgroup in
      let child = try ChildProcess.spawn(look(folder, ["pause"]), in: cgroup)
      try cgroup.freeze()
      child.send(SIGKILL)
      // Version 1 keeps even that until the thaw; version 2 does not.
      try cgroup.thaw()
      #expect(try await child.wait(on: loop).cause == .signal(SIGKILL, dumpedCore: false))
    }
  }

  @Test func `of a killed program is swept away by the next`() async throws {
    let tree = try #require(CgroupTree.find())
    // Of programs that were killed before this test.
    _ = tree.sweep()
    // As process 1 would have named it if it had started at another time.
    let left = CgroupTree(hierarchies: tree.hierarchies, name: "apus-1-999999999999")
    try left.prepare()
    for hierarchy in left.useful { mkdir("\(hierarchy.folder)/\(left.name)/orphaned", 0o755) }
    try tree.prepare()
    #expect(tree.sweep() == left.useful.count)
    for hierarchy in left.useful {
      #expect(access("\(hierarchy.folder)/\(left.name)", F_OK) != 0)
      #expect(access("\(hierarchy.folder)/\(tree.name)", F_OK) == 0, "ours stays")
    }
    tree.remove()
  }
}

@Suite struct `A tree of cgroups` {
  @Test func `is read from version 2 alone`() {
    let found = CgroupTree.parse(
      mounts: "24 23 0:21 / /none/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n",
      membership: "0::/system.slice/apus.service\n")
    #expect(
      found == [
        CgroupTree.Hierarchy(version: .two, controllers: [], folder: "/none/cgroup/system.slice/apus.service")
      ])
  }

  @Test func `is read from version 1, in a container that sees a part of it`() {
    let found = CgroupTree.parse(
      mounts: """
        33 31 0:30 /docker/abc /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
        36 31 0:33 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd
        37 31 0:33 / /tmp rw - tmpfs tmpfs rw
        """,
      membership: "3:cpu,cpuacct:/docker/abc\n2:memory:/docker/abc/below\n1:name=systemd:/\n0::/\n")
    let folders = ["cpu,cpuacct", "memory/below", "systemd"].map { "/sys/fs/cgroup/\($0)" }
    #expect(found.map(\.folder) == folders)
    #expect(found.map(\.controllers) == [["cpu", "cpuacct"], ["memory"], ["name=systemd"]])
  }

  @Test(arguments: [
    ("", ""), ("x", "y:z"), ("33 31 0:30 / /a rw - cgroup", "1:memory:/"),
    ("33 31 0:30 /other /a rw - cgroup cgroup rw,memory", "1:memory:/mine"),
  ])
  func `is empty where there is nothing to read`(mounts: String, membership: String) {
    #expect(CgroupTree.parse(mounts: mounts, membership: membership) == [])
  }
}

@Suite struct `Limits of resources` {
  private static let limits = ResourceLimits(memory: 64 << 20, processors: 0.5, processes: 10)

  @Test func `are one text a file`() {
    func texts(_ version: CgroupTree.Version) -> [String] {
      Self.limits.settings(version).map { "\($0.file)=\($0.value)" }
    }
    #expect(
      texts(.one) == [
        "memory.limit_in_bytes=67108864", "memory.memsw.limit_in_bytes=67108864", "cpu.cfs_period_us=100000",
        "cpu.cfs_quota_us=50000", "pids.max=10",
      ])
    #expect(
      texts(.two) == [
        "memory.max=67108864", "memory.swap.max=0", "memory.oom.group=1", "cpu.max=50000 100000", "pids.max=10",
      ])
    #expect(ResourceLimits().settings(.two).isEmpty)
  }

  @Test func `are a process's own without a cgroup`() async throws {
    #expect(Self.limits.ofEachProcess.map(\.value) == [64 << 20, 10])
  }
}
