import Glibc

/// How much of the machine a program and all that it starts may use together.
package struct ResourceLimits: Sendable, Equatable {
  /// Bytes, of memory and swap together.
  package var memory: Int?
  /// Processors, as a share of time: 0.5 is half of one.
  package var processors: Double?
  /// Processes and threads.
  package var processes: Int?

  package init(memory: Int? = nil, processors: Double? = nil, processes: Int? = nil) {
    self.memory = memory
    self.processors = processors
    self.processes = processes
  }

  /// The nearest that can be had without a cgroup: each process by itself, and processes counted by user.
  ///
  /// A bound on processor time is none on its share, so there is nothing for that.
  package var ofEachProcess: [ChildProcess.Plan.Limit] {
    var limits: [ChildProcess.Plan.Limit] = []
    if let memory { limits.append(.addressSpace(UInt64(clamping: memory))) }
    if let processes { limits.append(.processes(UInt64(clamping: processes))) }
    return limits
  }

  /// One text to be written into one file of a group.
  package struct Setting: Equatable, Sendable {
    package var controller: String
    package var file: String
    package var value: String
    /// Not every kernel has the file.
    package var isOptional = false
  }

  /// Microseconds over which a share of a processor is counted; the kernel's own default.
  private static let period = 100_000

  package func settings(_ version: CgroupTree.Version) -> [Setting] {
    var settings: [Setting] = []
    if let memory {
      switch version {
      case .one:
        settings.append(Setting(controller: "memory", file: "memory.limit_in_bytes", value: "\(memory)"))
        // Memory and swap together, where swap is counted at all.
        settings.append(
          Setting(controller: "memory", file: "memory.memsw.limit_in_bytes", value: "\(memory)", isOptional: true))
      case .two:
        settings.append(Setting(controller: "memory", file: "memory.max", value: "\(memory)"))
        settings.append(Setting(controller: "memory", file: "memory.swap.max", value: "0", isOptional: true))
        // One without the others is no function any more.
        settings.append(Setting(controller: "memory", file: "memory.oom.group", value: "1", isOptional: true))
      }
    }
    if let processors {
      // The kernel takes no less than a millisecond.
      let quota = max(1000, Int((processors * Double(ResourceLimits.period)).rounded()))
      switch version {
      case .one:
        settings.append(Setting(controller: "cpu", file: "cpu.cfs_period_us", value: "\(ResourceLimits.period)"))
        settings.append(Setting(controller: "cpu", file: "cpu.cfs_quota_us", value: "\(quota)"))
      case .two:
        settings.append(Setting(controller: "cpu", file: "cpu.max", value: "\(quota) \(ResourceLimits.period)"))
      }
    }
    if let processes { settings.append(Setting(controller: "pids", file: "pids.max", value: "\(processes)")) }
    return settings
  }

  static func text(bytes: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var (value, unit) = (bytes, 0)
    while value >= 1024, value.isMultiple(of: 1024), unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
    return "\(value) \(units[unit])"
  }
}
