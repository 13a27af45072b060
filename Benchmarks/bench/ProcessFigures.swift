import Glibc

/// What a process, or it and all its descendants, have used, from /proc.
struct ProcessFigures {
  /// User and system time, in microseconds; the kernel counts in ticks of 10 ms.
  private(set) var cpuMicroseconds = 0.0
  private(set) var residentKilobytes = 0.0

  init(tree root: pid_t) throws(BenchError) { try self.init(Self.tree(of: root)) }

  /// Of one process alone.
  init(process: pid_t) throws(BenchError) { try self.init([process]) }

  private init(_ processes: [pid_t]) throws(BenchError) {
    let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    for pid in processes {
      guard let fields = Self.fields(of: pid), fields.count > 12 else { continue }
      // proc(5): utime and stime are fields 14 and 15; ours start at field 3.
      cpuMicroseconds += ((Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)) / ticks * 1e6
      do throws(BenchError) {
        residentKilobytes += try Self.residentKilobytes(of: pid)
      } catch {
        // What the process had started may have ended meanwhile; the process itself must not have.
        if pid == processes.first { throw error }
      }
    }
  }

  static func + (left: ProcessFigures, right: ProcessFigures) -> ProcessFigures {
    var sum = left
    sum.cpuMicroseconds += right.cpuMicroseconds
    sum.residentKilobytes += right.residentKilobytes
    return sum
  }

  /// Since Linux 6.2 VmRSS lags by up to 32 pages a processor, so take the exact sum where there is one.
  static func residentKilobytes(of pid: pid_t) throws(BenchError) -> Double {
    if let exact = field("Rss:", in: "/proc/\(pid)/smaps_rollup") { return exact }
    guard let lagging = field("VmRSS:", in: "/proc/\(pid)/status") else {
      throw .failed("process \(pid) ended while its memory was being read")
    }
    return lagging
  }

  /// proc(5): the peak resident set size.
  static func peakKilobytes(of pid: pid_t) throws(BenchError) -> Double {
    guard let peak = field("VmHWM:", in: "/proc/\(pid)/status") else {
      throw .failed("process \(pid) ended while its memory was being read")
    }
    return peak
  }

  /// The share of all processors' time that is in use while we do nothing for half a second.
  static func busyShare() throws(BenchError) -> Double? {
    guard let before = machineTicks() else { return nil }
    try Clock.pause(microseconds: 500_000)
    guard let after = machineTicks(), after.total > before.total else { return nil }
    return 1 - (after.idle - before.idle) / (after.total - before.total)
  }

  private static func machineTicks() -> (idle: Double, total: Double)? {
    // proc(5), /proc/stat: user nice system idle iowait irq softirq steal guest guest_nice.
    guard let line = try? text(of: "/proc/stat").split(separator: "\n").first else { return nil }
    let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double(String($0)) }
    return ticks.count == 8 ? (ticks[3] + ticks[4], ticks.reduce(0, +)) : nil
  }

  private static func field(_ name: String, in path: String) -> Double? {
    guard let content = try? text(of: path) else { return nil }
    for line in content.split(separator: "\n") where line.hasPrefix(name) {
      return line.split(separator: " ").dropFirst().first.flatMap { Double(String($0)) }
    }
    return nil
  }

  /// The fields of /proc/PID/stat after the command's name, which may itself hold spaces.
  private static func fields(of pid: pid_t) -> [Substring]? {
    guard let content = try? text(of: "/proc/\(pid)/stat"), let end = content.lastIndex(of: ")") else { return nil }
    return content[content.index(after: end)...].split(whereSeparator: { $0 == " " || $0 == "\n" })
  }

  /// A process and those below it.
  static func tree(of root: pid_t) -> [pid_t] {
    var children: [pid_t: [pid_t]] = [:]
    for name in (try? names(in: "/proc")) ?? [] {
      guard let pid = pid_t(name), let fields = fields(of: pid), fields.count > 1 else { continue }
      if let parent = pid_t(String(fields[1])) { children[parent, default: []].append(pid) }
    }
    var result = [root]
    var next = 0
    while next < result.count {
      result += children[result[next]] ?? []
      next += 1
    }
    return result
  }
}
