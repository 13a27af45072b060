import CBenchSpawn
import Glibc

/// Measures Apus beside its peers in the same run, and judges the figures by thresholds.json.
@main enum Bench {
  static func main() {
    bench_prepare_process()
    // Exit only here, where every owner of a process or a folder has ended already.
    exit(status())
  }

  private static func status() -> Int32 {
    do throws(BenchError) {
      let options = try Options(arguments: Array(CommandLine.arguments.dropFirst()))
      let folder = try ScratchFolder()
      let workbench = try Workbench(options: options, folder: folder.path)
      let thresholds = try Threshold.load(path: options.thresholdsPath)
      let reports = try measure(workbench)
      let verdicts = thresholds.filter { options.benchmarks.contains($0.benchmark) }.map { $0.verdict(on: reports) }
      Console.say(Verdict.lines(verdicts))
      if let path = options.jsonPath {
        try write(JSONValue.results(reports: reports, verdicts: verdicts, workbench: workbench).text + "\n", to: path)
      }
      for failure in workbench.failures { Console.say("failed: \(failure)") }
      let unmeasured = options.isStrict && verdicts.contains { $0.outcome == .notMeasured }
      return !workbench.failures.isEmpty || unmeasured || verdicts.contains { $0.outcome == .missed } ? 1 : 0
    } catch {
      return report(error)
    }
  }

  private static func measure(_ workbench: Workbench) throws(BenchError) -> [Report] {
    var reports: [Report] = []
    for benchmark in workbench.options.benchmarks {
      if let share = try ProcessFigures.busyShare(), share > 0.1 {
        workbench.note(
          "\(fixed(share * 100, 0)) % of this machine is busy with other work: \(benchmark.rawValue) will be noisy")
      }
      let report: Report
      switch benchmark {
      case .startup: report = try StartupBenchmark(workbench: workbench).run()
      case .server: report = try ServerBenchmark(workbench: workbench).run()
      case .proxy: report = try ProxyBenchmark(workbench: workbench).run()
      case .allocations: report = try AllocationsBenchmark(workbench: workbench).run()
      case .idle: report = try IdleBenchmark(workbench: workbench).run()
      case .cold: report = try ColdBenchmark(workbench: workbench).run()
      case .gateway: report = try GatewayBenchmark(workbench: workbench).run()
      case .asleep: report = try AsleepBenchmark(workbench: workbench).run()
      case .burst: report = try BurstBenchmark(workbench: workbench).run()
      case .redeploy: report = try RedeployBenchmark(workbench: workbench).run()
      case .watchdog: report = try WatchdogBenchmark(workbench: workbench).run()
      case .blur: report = try BlurBenchmark(workbench: workbench).run()
      }
      Console.say("\n" + report.table)
      reports.append(report)
    }
    return reports
  }

  private static func report(_ error: BenchError) -> Int32 {
    switch error {
    case .usage(let text):
      Console.complain("bench: \(text)\n\(Options.usage)")
      return 2
    case .failed(let text), .missing(let text):
      Console.complain("bench: \(text)")
      return 1
    case .interrupted(let signal):
      Console.complain("bench: ended by signal \(signal); every process started has been ended")
      return 128 + signal
    }
  }
}
