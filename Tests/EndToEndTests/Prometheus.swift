import ApusIO
import ApusJSON
import Glibc
import Instruments
import Testing

/// A real Prometheus that asks one page for its metrics; all of it goes with the value.
final class Prometheus {
  static let isHere = access(program, X_OK) == 0
  private static let program = "/usr/bin/prometheus"

  private let folder: String
  private let url: String
  private let process: Program

  /// Started, and ready to be asked.
  init(scraping page: String) throws {
    folder = try Shell.temporaryFolder()
    let target = page.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
    let config = """
      global: { scrape_interval: 200ms, scrape_timeout: 200ms }
      scrape_configs:
        - job_name: gateway
          static_configs: [ { targets: ["\(target)"] } ]
      """
    _ = try Shell.run("cat > '\(folder)/prometheus.yml' <<'END'\n\(config)\nEND\n")
    let port = freePort()
    url = "http://127.0.0.1:\(port)"
    process = try Program(
      path: Prometheus.program,
      [
        "--config.file=\(folder)/prometheus.yml", "--storage.tsdb.path=\(folder)/data",
        "--web.listen-address=127.0.0.1:\(port)",
      ])
    let ready = process.line(with: "Server is ready to receive web requests")
    try #require(!ready.isEmpty, "\(process.passed)")
  }

  deinit {
    _ = try? process.end(SIGKILL)
    _ = try? Shell.run("rm -rf '\(folder)'")
  }

  // MARK: - Asking

  struct Sample {
    var labels: [String: String]
    var value: Double
  }

  /// What a query answers, as soon as that is `wanted`; the last answer after twenty seconds.
  func ask(_ query: String, until wanted: ([Sample]) -> Bool = { !$0.isEmpty }) throws -> [Sample] {
    var samples: [Sample] = []
    for _ in 0..<200 {
      let answer = try Shell.run("curl -sS -m 5 -G '\(url)/api/v1/query' --data-urlencode 'query=\(query)'").output
      samples = try Prometheus.samples(JSON.parse(Array(answer.utf8)))
      if wanted(samples) { break }
      usleep(100_000)
    }
    return samples
  }

  private static func samples(_ json: JSON) throws -> [Sample] {
    try #require(json["status"]?.stringValue == "success", "\(json)")
    return (json["data"]?["result"]?.arrayValue ?? []).map { row in
      let labels = (row["metric"]?.objectValue ?? []).map { ($0.key, $0.value.stringValue ?? "") }
      return Sample(
        labels: Dictionary(labels) { $1 }, value: row["value"]?[1]?.stringValue.flatMap { Double($0) } ?? .nan)
    }
  }

  /// What it has learnt of a metric from the page: type and help.
  func metadata(_ metric: String) throws -> (type: String?, help: String?) {
    let answer = try Shell.run("curl -sS -m 5 '\(url)/api/v1/metadata?metric=\(metric)'").output
    let facts = try JSON.parse(Array(answer.utf8))["data"]?[metric]?[0]
    return (facts?["type"]?.stringValue, facts?["help"]?.stringValue)
  }
}
