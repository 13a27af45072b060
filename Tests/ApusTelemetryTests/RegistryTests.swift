import ApusTelemetry
import Dispatch
import Testing

@Suite struct `A registry` {
  private let registry = Registry()

  private var page: String { String(decoding: registry.page(), as: UTF8.self) }

  private var lines: [String] { page.split(separator: "\n").map(String.init) }

  @Test func `shows a counter`() {
    registry.counter("calls_total", help: "Calls.").increment(by: 3)
    #expect(lines.contains("# HELP calls_total Calls."))
    #expect(lines.contains("# TYPE calls_total counter"))
    #expect(lines.contains("calls_total 3"))
  }

  @Test func `shows a gauge`() {
    let gauge = registry.gauge("heat", help: "Heat.")
    gauge.set(1.5)
    gauge.add(-2)
    gauge.increment()
    #expect(lines.contains("heat 0.5"))
  }

  @Test func `shows a histogram as the standard buckets`() {
    let histogram = registry.histograms("seconds", help: "Time.", labels: ["code"]).series("200")
    for value in [0.001, 0.005, 0.3, 10, 11, .infinity, .nan] { histogram.observe(value) }
    let expected = [
      ("0.005", 2), ("0.01", 2), ("0.025", 2), ("0.05", 2), ("0.1", 2), ("0.25", 2), ("0.5", 3), ("1", 3), ("2.5", 3),
      ("5", 3), ("10", 4), ("+Inf", 6),
    ]
    for (bound, count) in expected {
      #expect(lines.contains("seconds_bucket{code=\"200\",le=\"\(bound)\"} \(count)"))
    }
    #expect(lines.contains("seconds_sum{code=\"200\"} +Inf"))
    #expect(lines.contains("seconds_count{code=\"200\"} 6"))
  }

  @Test func `escapes help texts and label values`() {
    registry.gauges("g", help: "a \\ b\n\"c\"", labels: ["path"]).series("x\\y\n\"z\"").set(1)
    #expect(lines.contains(#"# HELP g a \\ b\n"c""#))
    #expect(lines.contains(#"g{path="x\\y\n\"z\""} 1"#))
  }

  @Test func `gives the same series for the same labels`() {
    let family = registry.counters("a_total", help: "A.", labels: ["x", "y"])
    #expect(family.series("1", "2") === family.series("1", "2"))
    #expect(family.series("1", "2") !== family.series("2", "1"))
    #expect(family === registry.counters("a_total", help: "A.", labels: ["x", "y"]))
  }

  @Test func `bounds the series that strangers can make`() {
    let family = registry.counters("a_total", help: "A.", labels: ["path"], seriesMax: 2)
    for path in ["1", "2", "3", "4", "1"] { family.series(path).increment() }
    #expect(lines.contains("a_total{path=\"1\"} 2"))
    #expect(lines.contains("a_total{path=\"2\"} 1"))
    #expect(lines.contains("a_total{path=\"other\"} 2"))
    #expect(!page.contains("path=\"3\""))
    #expect(lines.contains("apus_metrics_overflow_total{metric=\"a_total\"} 2"))
  }

  @Test func `cuts a long label value`() {
    let family = registry.counters("a_total", help: "A.", labels: ["path"])
    family.series(String(repeating: "x", count: 100_000)).increment()
    #expect(page.utf8.count < 1_000)
  }

  @Test func `forgets what was removed`() {
    let family = registry.counters("a_total", help: "A.", labels: ["function", "code"])
    for (function, code) in [("f", "200"), ("g", "200"), ("f", "500")] { family.series(function, code).increment() }
    family.forget("function", "f")
    #expect(!page.contains("function=\"f\""))
    #expect(lines.contains("a_total{function=\"g\",code=\"200\"} 1"))
    // The rows moved; what is found must still be the right one.
    family.series("g", "200").increment()
    #expect(lines.contains("a_total{function=\"g\",code=\"200\"} 2"))
  }

  @Test func `counts every update of every thread`() {
    let rounds = 20_000
    let threads = 4
    let counter = registry.counter("a_total", help: "A.")
    let gauge = registry.gauge("b", help: "B.")
    let histogram = registry.histogram("c", help: "C.")
    let family = registry.counters("d_total", help: "D.", labels: ["x"], seriesMax: 8)
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      for round in 0..<rounds {
        counter.increment()
        gauge.add(0.5)
        histogram.observe(0.25)
        if round.isMultiple(of: 100) { family.series("\(round / 100 % 12)").increment() }
        if round.isMultiple(of: 5_000) { #expect(!registry.page().isEmpty) }
      }
    }
    let total = threads * rounds
    #expect(counter.value == UInt64(total))
    #expect(gauge.value == Double(total) / 2)
    #expect(histogram.count == UInt64(total))
    #expect(histogram.sum == Double(total) / 4)
    let counted = lines.filter { $0.hasPrefix("d_total{") }.compactMap {
      $0.split(separator: " ").last.flatMap { Int($0) }
    }
    #expect(counted.count == 9)
    #expect(counted.reduce(0, +) == total / 100)
  }

  @Test(.enabled(if: Promtool.isHere, "promtool is not here")) func `satisfies promtool`() throws {
    registry.counter("calls_total", help: "Calls.").increment()
    registry.gauge("waiting", help: "Calls waiting; \"now\" \\ here.\nSecond line.").set(-1.5)
    let durations = registry.histograms("duration_seconds", help: "Time.", labels: ["function_name", "code"])
    durations.series("hello.openfaas-fn", "200").observe(0.003)
    durations.series("é\"\\\n", "500").observe(1e9)
    registry.histogram("size_bytes", help: "Size.", bounds: [1_024, 1_048_576]).observe(5)
    let bounded = registry.counters("bounded_total", help: "Bounded.", labels: ["x"], seriesMax: 1)
    bounded.series("1").increment()
    bounded.series("2").increment()
    registry.add(ProcessMetrics())
    #expect(try Promtool.complaints(about: registry.page()) == "")
  }

  @Test(.enabled(if: Promtool.isHere, "promtool is not here")) func `would hear promtool complain`() throws {
    registry.counter("calls", help: "Calls.").increment()
    #expect(try Promtool.complaints(about: registry.page()).contains("_total"))
    #expect(try Promtool.complaints(about: Array("calls{ 1\n".utf8)).contains("exit status"))
  }
}

@Suite struct `A name of a metric` {
  @Test func `is refused when Prometheus would refuse it`() async {
    await #expect(processExitsWith: .failure) { _ = Registry().counter("1 call", help: "") }
    await #expect(processExitsWith: .failure) { _ = Registry().counters("a", help: "", labels: ["le"]) }
  }

  @Test func `stands for one metric only`() async {
    await #expect(processExitsWith: .failure) {
      let registry = Registry()
      _ = registry.counter("a", help: "")
      _ = registry.gauge("a", help: "")
    }
  }
}
