import CLinux
import Glibc

/// What a process and all that it started use, as proc(5) tells: for those that no cgroup counts.
package struct ProcessUsage: Sendable, Equatable {
  /// Bytes that are in memory now. What processes share counts for each of them.
  package var memory = 0
  /// Processor time of those that live now.
  package var processorTime: Duration = .zero

  /// More than a replica may have, so that a family that grows as we read it does not keep us.
  private static let processesMost = 1024

  package init() {}

  /// Of the family of `pid`; zero for one that has gone.
  package init(familyOf pid: CInt) {
    var waiting = [pid]
    var seen = 0
    while let next = waiting.popLast(), seen < ProcessUsage.processesMost {
      seen += 1
      add(next)
      for thread in SmallFile.names(in: "/proc/\(next)/task") {
        // Whoever starts a program is the parent with the thread that did it.
        let children = SmallFile.read("/proc/\(next)/task/\(thread)/children") ?? ""
        waiting += children.split(separator: " ").compactMap { CInt($0) }
      }
    }
  }

  private mutating func add(_ pid: CInt) {
    // The name may have spaces and brackets; what counts comes behind the last one.
    guard let stat = SmallFile.read("/proc/\(pid)/stat"), let end = stat.lastIndex(of: ")") else { return }
    let fields = stat[end...].dropFirst().split(separator: " ")
    // The third field of proc_pid_stat(5) is our first: utime is 14, stime 15, rss 24.
    guard fields.count > 21, let user = Int(fields[11]), let system = Int(fields[12]), let pages = Int(fields[21])
    else {
      return
    }
    let ticks = max(1, sysconf(CInt(_SC_CLK_TCK)))
    processorTime += .nanoseconds((user + system) * (1_000_000_000 / ticks))
    memory += pages * max(1, sysconf(CInt(_SC_PAGESIZE)))
  }
}
