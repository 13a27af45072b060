import Glibc

/// The metrics `process_*` that Prometheus' own libraries have, read from /proc when the page is asked for.
///
/// A value that can't be read here (a root without /proc) is left out rather than shown as 0.
package struct ProcessMetrics: MetricSource {
  /// Seconds since 1970; it does not change, so it is read once.
  private let startTime: Double?

  package init() {
    startTime = ProcessMetrics.startTime(
      stat: ProcessMetrics.read("/proc/self/stat"), system: ProcessMetrics.read("/proc/stat"),
      ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)))
  }

  package func write(into text: inout MetricsText) {
    func show(_ name: String, _ help: String, _ kind: MetricKind, _ value: Double?) {
      guard let value else { return }
      text.header(name, help: help, kind: kind)
      text.sample(name, value: value)
    }
    let memory = ProcessMetrics.memory(
      statm: ProcessMetrics.read("/proc/self/statm"), pageSize: sysconf(Int32(_SC_PAGESIZE)))
    show(
      "process_cpu_seconds_total", "User and system CPU time used, in seconds.", .counter, ProcessMetrics.cpuSeconds())
    show("process_open_fds", "Number of open file descriptors.", .gauge, ProcessMetrics.openDescriptors())
    show("process_max_fds", "Maximum number of open file descriptors.", .gauge, ProcessMetrics.maxDescriptors())
    show("process_resident_memory_bytes", "Resident memory size in bytes.", .gauge, memory?.resident)
    show("process_virtual_memory_bytes", "Virtual memory size in bytes.", .gauge, memory?.virtual)
    show("process_start_time_seconds", "Start of the process, in seconds since 1970.", .gauge, startTime)
  }

  // MARK: Values

  private static func cpuSeconds() -> Double? {
    var time = timespec()
    guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func openDescriptors() -> Double? {
    guard let folder = opendir("/proc/self/fd") else { return nil }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    // ".", "..", and the descriptor of the folder itself.
    return Double(count - 3)
  }

  private static func maxDescriptors() -> Double? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
    return limit.rlim_cur == rlim_t.max ? nil : Double(limit.rlim_cur)
  }

  /// proc_pid_statm(5): size and resident set, in pages.
  package static func memory(statm: String?, pageSize: Int) -> (virtual: Double, resident: Double)? {
    guard let fields = statm?.split(whereSeparator: \.isWhitespace), fields.count >= 2,
      let size = Double(fields[0]), let resident = Double(fields[1])
    else { return nil }
    return (size * Double(pageSize), resident * Double(pageSize))
  }

  /// proc_pid_stat(5) field 22, in ticks since boot; proc_stat(5) `btime`, the boot in seconds since 1970.
  package static func startTime(stat: String?, system: String?, ticksPerSecond: Int) -> Double? {
    // Field 2 is the command's name in parentheses, and may itself hold spaces and parentheses.
    guard let stat, let name = stat.lastIndex(of: ")"), let system, ticksPerSecond > 0 else { return nil }
    let fields = stat[stat.index(after: name)...].split(whereSeparator: \.isWhitespace)
    let boot = system.split(separator: "\n").first { $0.hasPrefix("btime ") }?.dropFirst("btime ".count)
    guard fields.count > 19, let ticks = Double(fields[19]), let boot, let bootSeconds = Double(boot) else {
      return nil
    }
    return bootSeconds + ticks / Double(ticksPerSecond)
  }

  /// The first 64 KiB of a file, nil if it can't be read. /proc/stat of a large machine is longer; `btime` is then
  /// behind its interrupts, and the start time is left out.
  private static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    var end = 0
    while end < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress.map { $0 + end }, $0.count - end)
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      end += count
    }
    return end > 0 ? String(decoding: bytes[..<end], as: UTF8.self) : nil
  }
}
