package import ApusIO
import Glibc
import Synchronization

/// A group of processes that is limited, counted, frozen and ended together; removed with its value.
package struct Cgroup: ~Copyable {
  /// What a child needs to be born in it.
  struct Entry: Sendable {
    /// -1 where there is no version 2.
    var folder: CInt
    var tasks: [CInt]
  }

  /// What its processes use.
  package struct Usage: Sendable, Equatable {
    /// Bytes now; nil if nobody counts them.
    package var memory: Int?
    /// Processor time since the group was made; nil if nobody counts it.
    package var processorTime: Duration?
    package var processes: Int?
  }

  package let name: String
  package private(set) var limits: ResourceLimits
  private let two: String?
  /// The folder of each controller of version 1, and of version 2 where it has them.
  private let folders: [String: (path: String, version: CgroupTree.Version)]
  private let all: [String]
  private let descriptors: [CInt]
  let entry: Entry

  /// Makes a group in `tree`, which was prepared. A limit whose controller is not usable is an error: see
  /// `CgroupTree.usableControllers`.
  package init(_ name: String, limits: ResourceLimits = ResourceLimits(), in tree: CgroupTree) throws(SystemError) {
    guard !name.isEmpty, !name.hasPrefix("."), !name.utf8.contains(UInt8(ascii: "/")) else {
      throw SystemError(EINVAL, "make the cgroup", name, advice: "Choose a name without “/” that starts with no “.”")
    }
    Cgroup.leavings.withLock { paths in paths.removeAll { rmdir($0) == 0 || errno == ENOENT } }
    var made = Parts()
    do throws(SystemError) {
      for hierarchy in tree.useful { try made.add(hierarchy, "\(hierarchy.folder)/\(tree.name)/\(name)") }
      try made.apply(limits)
    } catch {
      made.undo()
      throw error
    }
    self.name = name
    self.limits = limits
    two = made.two
    folders = made.folders
    all = made.all
    descriptors = made.descriptors
    entry = made.entry
  }

  deinit {
    for descriptor in descriptors { close(descriptor) }
    for folder in all where rmdir(folder) != 0 && errno == EBUSY {
      CgroupFolder(path: folder).killAll()
      Cgroup.leavings.withLock { $0.append(folder) }
    }
  }

  /// Groups whose processes were killed a moment ago, and which can be removed once those are on their way out: the
  /// next group that is made does it. What this process does not live to remove, `CgroupTree.sweep` does.
  private static let leavings = Mutex<[String]>([])

  private struct Parts {
    var two: String?
    var folders: [String: (path: String, version: CgroupTree.Version)] = [:]
    var all: [String] = []
    var descriptors: [CInt] = []
    var entry = Entry(folder: -1, tasks: [])

    mutating func add(_ hierarchy: CgroupTree.Hierarchy, _ path: String) throws(SystemError) {
      guard mkdir(path, 0o755) == 0 else { throw SystemError(errno, "make the cgroup", path) }
      all.append(path)
      let file = hierarchy.version == .two ? path : "\(path)/tasks"
      let descriptor = open(file, O_CLOEXEC | (hierarchy.version == .two ? O_RDONLY | O_DIRECTORY : O_WRONLY))
      guard descriptor >= 0 else { throw SystemError(errno, "open the cgroup", file) }
      descriptors.append(descriptor)
      switch hierarchy.version {
      case .one: entry.tasks.append(descriptor)
      case .two: (entry.folder, two) = (descriptor, path)
      }
      for controller in hierarchy.controllers { folders[controller] = (path, hierarchy.version) }
    }

    func apply(_ limits: ResourceLimits) throws(SystemError) {
      for version in [CgroupTree.Version.one, .two] {
        for setting in limits.settings(version) { try Cgroup.apply(setting, version, to: folders) }
      }
    }

    func undo() {
      for descriptor in descriptors { close(descriptor) }
      for folder in all { rmdir(folder) }
    }
  }

  private static func apply(
    _ setting: ResourceLimits.Setting, _ version: CgroupTree.Version,
    to folders: [String: (path: String, version: CgroupTree.Version)]
  ) throws(SystemError) {
    guard let folder = folders[setting.controller] else {
      let advice = "No cgroup controller “\(setting.controller)” is usable here: leave the limit out"
      throw SystemError(ENOENT, "limit", setting.controller, advice: advice)
    }
    guard folder.version == version else { return }
    do throws(SystemError) {
      try SmallFile.write("\(folder.path)/\(setting.file)", setting.value)
    } catch  where setting.isOptional {
      // A kernel without that file.
    }
  }

  /// Gives it the limits that it shall have from now on, for a group that was made before they were known. One that it
  /// has already can be changed, but not taken back.
  package mutating func limit(to wanted: ResourceLimits) throws(SystemError) {
    for version in [CgroupTree.Version.one, .two] {
      let present = limits.settings(version)
      for setting in wanted.settings(version) where !present.contains(setting) {
        try Cgroup.apply(setting, version, to: folders)
      }
    }
    limits = wanted
  }

  // MARK: - All its processes at once

  /// Ends all of them, and whoever they start meanwhile.
  package borrowing func kill() {
    if let two {
      CgroupFolder(path: two).killAll()
    } else if let folder = all.first {
      CgroupFolder(path: folder).killAll()
    }
  }

  /// Stops them where they are; they use memory but no processor until `thaw`.
  package borrowing func freeze() throws(SystemError) { try setFrozen(true) }

  package borrowing func thaw() throws(SystemError) { try setFrozen(false) }

  private borrowing func setFrozen(_ isFrozen: Bool) throws(SystemError) {
    if let two {
      try SmallFile.write("\(two)/cgroup.freeze", isFrozen ? "1" : "0")
    } else if let folder = folders["freezer"] {
      try SmallFile.write("\(folder.path)/freezer.state", isFrozen ? "FROZEN" : "THAWED")
    } else {
      throw SystemError(ENOTSUP, "freeze", name, advice: "This machine has no freezer among its cgroups")
    }
  }

  // MARK: - What they use

  package borrowing func usage() -> Usage {
    var usage = Usage()
    if let memory = folders["memory"] {
      let file = memory.version == .two ? "memory.current" : "memory.usage_in_bytes"
      usage.memory = Cgroup.number("\(memory.path)/\(file)")
    }
    if let account = folders["cpuacct"] {
      usage.processorTime = Cgroup.number("\(account.path)/cpuacct.usage").map { .nanoseconds($0) }
    } else if let two, let text = SmallFile.read("\(two)/cpu.stat") {
      usage.processorTime = SmallFile.number("usage_usec", in: text).map { .microseconds($0) }
    }
    if let folder = folders["pids"] { usage.processes = Cgroup.number("\(folder.path)/pids.current") }
    return usage
  }

  /// How many of its processes the kernel has killed for want of memory.
  package borrowing func outOfMemoryKills() -> Int {
    guard let memory = folders["memory"] else { return 0 }
    let file = memory.version == .two ? "memory.events" : "memory.oom_control"
    return SmallFile.read("\(memory.path)/\(file)").flatMap { SmallFile.number("oom_kill", in: $0) } ?? 0
  }

  /// The same exit, with its reason if that was the memory limit.
  package borrowing func explain(_ exit: ChildProcess.Exit) -> ChildProcess.Exit {
    var exit = exit
    // Under an init the program's signal comes as 128 and its number.
    let isKilled = exit.cause == .signal(SIGKILL, dumpedCore: false) || exit.cause == .status(128 + SIGKILL)
    if isKilled, let memory = limits.memory, outOfMemoryKills() > 0 { exit.exceededMemory = memory }
    return exit
  }

  private static func number(_ path: String) -> Int? {
    SmallFile.read(path).flatMap { Int($0.prefix { $0 != "\n" }) }
  }

  /// Whether processes are in it.
  package borrowing func isEmpty() -> Bool {
    all.allSatisfy { CgroupFolder(path: $0).isEmpty }
  }
}
