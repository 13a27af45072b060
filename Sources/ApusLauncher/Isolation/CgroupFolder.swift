import Glibc

/// One group in one hierarchy.
struct CgroupFolder: Sendable, Equatable {
  let path: String

  var isEmpty: Bool { processes.isEmpty }

  var processes: [CInt] {
    (SmallFile.read("\(path)/cgroup.procs") ?? "").split(separator: "\n").compactMap { CInt($0) }
  }

  /// Kills all that is in it; what is being born meanwhile too. `cgroup.kill` came with Linux 5.14.
  func killAll() {
    if (try? SmallFile.write("\(path)/cgroup.kill", "1")) != nil { return }
    // A bound, because a group that is being filled as fast would keep us here.
    for _ in 0..<64 {
      let processes = processes
      if processes.isEmpty { return }
      for process in processes { kill(process, SIGKILL) }
    }
  }
}
