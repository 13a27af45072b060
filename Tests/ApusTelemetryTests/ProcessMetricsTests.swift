import ApusTelemetry
import Foundation
import Testing

@Suite struct `The metrics of a process` {
  private static let page: [String: Double] = {
    var text = MetricsText()
    ProcessMetrics().write(into: &text)
    let samples = String(decoding: text.bytes, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
    return Dictionary(
      samples.compactMap { line -> (String, Double)? in
        let parts = line.split(separator: " ")
        return Double(parts[1]).map { (String(parts[0]), $0) }
      }, uniquingKeysWith: { first, _ in first })
  }()

  @Test(arguments: [
    "process_cpu_seconds_total", "process_open_fds", "process_max_fds", "process_resident_memory_bytes",
    "process_virtual_memory_bytes", "process_start_time_seconds",
  ])
  func `are all there`(name: String) throws {
    #expect(try #require(Self.page[name]) > 0)
  }

  @Test func `are plausible`() throws {
    let start = try #require(Self.page["process_start_time_seconds"])
    let now = Date().timeIntervalSince1970
    // Boot time is in whole seconds, so the start may seem to lie a second ahead.
    #expect(start <= now + 1.5 && start > now - 3_600)
    let resident = try #require(Self.page["process_resident_memory_bytes"])
    let virtual = try #require(Self.page["process_virtual_memory_bytes"])
    #expect(resident > 1_000_000 && resident < virtual)
  }

  @Test func `read a command whose name looks like fields`() throws {
    // proc_pid_stat(5): 22 is the start in ticks; the name is `a) R 1 (b`.
    let rest = "S " + (4...21).map(String.init).joined(separator: " ") + " 250 23 24\n"
    let start = ProcessMetrics.startTime(
      stat: "7 (a) R 1 (b) " + rest, system: "cpu 1 2\nbtime 1000\nprocesses 3\n", ticksPerSecond: 100)
    #expect(start == 1_002.5)
  }

  @Test(arguments: ["", "7 (x", "7 (x)", "7 (x) S 1 2", ") ) )"]) func `leave out what can not be read`(stat: String) {
    #expect(ProcessMetrics.startTime(stat: stat, system: "btime 1000\n", ticksPerSecond: 100) == nil)
    #expect(ProcessMetrics.memory(statm: stat, pageSize: 4_096) == nil)
  }

  @Test func `count open descriptors`() async {
    // Alone in a process, so that no other test opens a file in between.
    await #expect(processExitsWith: .success) {
      func count() -> Int? {
        var text = MetricsText()
        ProcessMetrics().write(into: &text)
        let line = String(decoding: text.bytes, as: UTF8.self).split(separator: "\n").first {
          $0.hasPrefix("process_open_fds ")
        }
        return line?.split(separator: " ").last.flatMap { Int($0) }
      }
      // The test runner's own threads open a file now and then, so the difference of twenty is what counts.
      let before = try #require(count())
      let files = try (0..<20).map { _ in try FileHandle(forReadingFrom: URL(filePath: "/dev/null")) }
      let open = try #require(count())
      #expect((18...22).contains(open - before))
      for file in files { try file.close() }
      let after = try #require(count())
      #expect((18...22).contains(open - after))
    }
  }
}
