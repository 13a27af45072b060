/// What the command line asks for.
struct Options {
  enum Benchmark: String, CaseIterable {
    case startup, server, proxy, allocations, idle, cold, gateway, asleep, burst, redeploy, blur, watchdog
  }

  static let usage = """
    usage: bench NAME... [options]     (from the repository's root)
      NAME is startup, server, proxy, allocations, idle, cold, gateway, asleep, burst, redeploy, blur, watchdog, or all
      --rounds N         rounds to take medians over (5)
      --quick            two short rounds: proves that the benchmarks run, too short for good figures
      --strict           exit 1 also when a threshold could not be measured
      --json FILE        write the figures as JSON
      --hello PATH       our server (.build/release/hello)
      --proxy PATH       our reverse proxy (.build/release/bench-proxy)
      --gateway PATH     the gateway (.build/release/apus-gateway)
      --watchdog PATH    the watchdog (.build/release/apus-watchdog)
      --launcher PATH    what starts programs isolated (.build/release/isolation-launcher)
      --blur PATH        blur-image (.build/release/blur-image)
      --thresholds PATH  what to judge by (Benchmarks/thresholds.json)
    """

  private(set) var benchmarks: [Benchmark] = []
  private(set) var rounds = 5
  private(set) var isQuick = false
  private(set) var isStrict = false
  private(set) var jsonPath: String?
  private(set) var helloPath = ".build/release/hello"
  private(set) var proxyPath = ".build/release/bench-proxy"
  private(set) var gatewayPath = ".build/release/apus-gateway"
  private(set) var watchdogPath = ".build/release/apus-watchdog"
  private(set) var launcherPath = ".build/release/isolation-launcher"
  private(set) var blurPath = ".build/release/blur-image"
  private(set) var thresholdsPath = "Benchmarks/thresholds.json"

  init(arguments: [String]) throws(BenchError) {
    let names = arguments.prefix { !$0.hasPrefix("-") }
    if names.isEmpty { throw .usage("which benchmark?") }
    if names.contains("all") {
      benchmarks = Benchmark.allCases
    } else {
      for name in names {
        guard let benchmark = Benchmark(rawValue: name) else { throw .usage("there is no benchmark '\(name)'") }
        if !benchmarks.contains(benchmark) { benchmarks.append(benchmark) }
      }
    }
    var rest = arguments.dropFirst(names.count)
    var roundsAsked: Int?
    while let option = rest.popFirst() {
      switch option {
      case "--quick": isQuick = true
      case "--strict": isStrict = true
      case "--rounds":
        guard let text = rest.popFirst(), let count = Int(text), (1...100).contains(count) else {
          throw .usage("--rounds wants a number from 1 to 100")
        }
        roundsAsked = count
      case "--json": jsonPath = try Self.value(of: option, from: &rest)
      case "--hello": helloPath = try Self.value(of: option, from: &rest)
      case "--proxy": proxyPath = try Self.value(of: option, from: &rest)
      case "--gateway": gatewayPath = try Self.value(of: option, from: &rest)
      case "--watchdog": watchdogPath = try Self.value(of: option, from: &rest)
      case "--launcher": launcherPath = try Self.value(of: option, from: &rest)
      case "--blur": blurPath = try Self.value(of: option, from: &rest)
      case "--thresholds": thresholdsPath = try Self.value(of: option, from: &rest)
      default: throw .usage("there is no option '\(option)'")
      }
    }
    rounds = roundsAsked ?? (isQuick ? 2 : 5)
  }

  private static func value(of option: String, from rest: inout ArraySlice<String>) throws(BenchError) -> String {
    guard let value = rest.popFirst() else { throw .usage("\(option) wants a value") }
    return value
  }
}
