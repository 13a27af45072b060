extension ChildProcess {
  /// Whether it has a handler for `signal` or keeps it for later (proc_pid_status(5)). A namespace's first process
  /// hears no other (pid_namespaces(7)).
  package borrowing func hears(_ signal: CInt) -> Bool {
    let status = SmallFile.read("/proc/\(pid)/status") ?? ""
    return status.split(separator: "\n").contains { line in
      guard line.hasPrefix("SigBlk:") || line.hasPrefix("SigCgt:") else { return false }
      let mask = UInt64(line.dropFirst(8), radix: 16) ?? 0
      return mask & (1 << UInt64(signal - 1)) != 0
    }
  }
}
