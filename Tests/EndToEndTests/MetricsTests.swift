import Glibc
import Testing

@Suite(.serialized) struct `The gateway's metrics` {
  /// A gateway with all that happens: calls, a cold start, a refusal.
  private func eventfulGateway() throws -> RunningGateway {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello")
    for _ in 1...3 { #expect(try gateway.curl("/function/hello", "-d a").status == 200) }
    try gateway.deploy("lifecycle-fixture", as: "broken", #","envVars":{"FIXTURE":"fail"}"#)
    #expect(try gateway.curl("/function/broken").status >= 502)
    return gateway
  }

  private struct Row {
    var name: String
    var type: String
    var labels: [String]
    /// As the contract has it; nil where the metric is ours.
    var help: String?
  }

  private static let rows = [
    Row(
      name: "gateway_functions_seconds", type: "histogram", labels: ["code", "function_name"],
      help: "Function time taken"),
    Row(
      name: "gateway_function_invocation_total", type: "counter", labels: ["code", "function_name"],
      help: "Function metrics"),
    Row(
      name: "gateway_function_invocation_started", type: "counter", labels: ["function_name"],
      help: "The total number of function HTTP requests started."),
    Row(
      name: "gateway_service_count", type: "gauge", labels: ["function_name"],
      help: "Current count of replicas for function"),
    Row(name: "apus_replica_start_seconds", type: "histogram", labels: ["function_name"]),
    Row(name: "apus_calls_waiting", type: "gauge", labels: ["function_name"]),
    Row(name: "apus_calls_running", type: "gauge", labels: ["function_name"]),
    Row(name: "apus_replica_starts_total", type: "counter", labels: ["function_name"]),
    Row(name: "apus_call_refusals_total", type: "counter", labels: ["function_name", "reason"]),
  ]

  @Test func `have the names, types, labels and texts of the contract, and ours`() throws {
    let gateway = try eventfulGateway()
    let page = try Shell.run("curl -sS -m 5 '\(gateway.metricsURL)'").output.split(separator: "\n").map(String.init)
    for row in Self.rows {
      #expect(page.contains("# TYPE \(row.name) \(row.type)"), "\(row.name)")
      if let help = row.help { #expect(page.contains("# HELP \(row.name) \(help)"), "\(row.name)") }
      let samples = page.filter { $0.hasPrefix("\(row.name){") || $0.hasPrefix("\(row.name)_bucket{") }
      #expect(!samples.isEmpty, "\(row.name)")
      for sample in samples {
        let labels = sample.drop { $0 != "{" }.dropFirst().prefix { $0 != "}" }.split(separator: ",")
          .map { String($0.prefix { $0 != "=" }) }.filter { $0 != "le" }
        #expect(labels.sorted() == row.labels, "\(sample)")
      }
    }
    let buckets = page.filter { $0.hasPrefix(#"gateway_functions_seconds_bucket{function_name="hello.openfaas-fn""#) }
    #expect(buckets.count == 12, "DefBuckets and +Inf: \(buckets)")
    #expect(page.contains(#"gateway_function_invocation_started{function_name="hello.openfaas-fn"} 3"#))
    // It came before or after the second attempt of the trial had failed.
    let refusals = ["start_failed", "crash_loop"].map { reason in
      #"apus_call_refusals_total{function_name="broken.openfaas-fn",reason="\#(reason)"} 1"#
    }
    #expect(refusals.contains(where: page.contains))
  }

  @Test func `go with the function that is removed`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello")
    #expect(try gateway.curl("/function/hello", "-d a").status == 200)
    let rows = "curl -sS -m 5 '\(gateway.metricsURL)' | grep -c 'function_name=\"hello'"
    #expect(try Shell.run(rows).output != "0\n")
    #expect(try gateway.admin("/system/functions", #"-X DELETE -d '{"functionName":"hello"}'"#).status == 202)
    #expect(try Shell.run("for i in $(seq 100); do n=$(\(rows)); [ $n = 0 ] && break; done; echo $n").output == "0\n")
  }

  @Test(.enabled(if: Prometheus.isHere, "promtool comes with it"))
  func `make promtool complain of the contract's two names, and of nothing else`() throws {
    let gateway = try eventfulGateway()
    #expect(
      try complaints(about: gateway.metricsURL) == ["gateway_function_invocation_started", "gateway_service_count"])
  }

  /// The first word of every line that promtool says, which is a metric's name.
  private func complaints(about url: String, adding text: String = "") throws -> [String] {
    let page = "(curl -sS -m 5 '\(url)'; printf '\(text)')"
    let output = try Shell.run("\(page) | promtool check metrics 2>&1").output
    return output.split(separator: "\n").map { String($0.prefix { $0 != " " }) }.sorted()
  }

  @Test(.enabled(if: Prometheus.isHere, "promtool comes with it"))
  func `would not hide a third complaint`() throws {
    let gateway = try RunningGateway()
    let third = "# HELP apus_third Wrong.\\n# TYPE apus_third counter\\napus_third 1\\n"
    #expect(try complaints(about: gateway.metricsURL, adding: third).contains("apus_third"))
  }

  @Test(.enabled(if: Prometheus.isHere, "needs /usr/bin/prometheus"))
  func `are read by a real Prometheus`() throws {
    let gateway = try eventfulGateway()
    let prometheus = try Prometheus(scraping: gateway.metricsURL)
    #expect(try prometheus.ask("up") { $0.first?.value == 1 }.count == 1)

    // As faas-netes' gateway asks for the counts of its list.
    let sum = #"sum(gateway_function_invocation_total{function_name=~".*.openfaas-fn"}) by (function_name)"#
    let counts = try prometheus.ask(sum)
    #expect(counts.first { $0.labels["function_name"] == "hello.openfaas-fn" }?.value == 3)
    let codes = try prometheus.ask(#"gateway_function_invocation_total{function_name="hello.openfaas-fn"}"#)
    #expect(codes.map { $0.labels["code"] } == ["200"])

    let starts = try prometheus.ask(#"apus_replica_start_seconds_bucket{function_name="hello.openfaas-fn"}"#)
    let below = starts.compactMap { $0.labels["le"].flatMap { Double($0) } }.filter { $0 < 0.005 }
    #expect(below.sorted() == [0.001, 0.002, 0.003])
    #expect(starts.first { $0.labels["le"] == "+Inf" }?.value == 1)
    let median = try prometheus.ask("histogram_quantile(0.5, sum(apus_replica_start_seconds_bucket) by (le))")
    #expect(median.count == 1 && median[0].value > 0 && median[0].value < 10)

    #expect(try prometheus.ask("sum(apus_calls_waiting)").first?.value == 0)
    let ready = try prometheus.ask(#"gateway_service_count{function_name="hello.openfaas-fn"}"#)
    #expect(ready.first?.value == 1)
    let refusals = try prometheus.ask(#"apus_call_refusals_total{reason=~"start_failed|crash_loop"}"#)
    #expect(refusals.first?.labels["function_name"] == "broken.openfaas-fn")

    // More calls between two scrapes are a rate, which is what boards draw.
    for _ in 1...5 { #expect(try gateway.curl("/function/hello", "-d a").status == 200) }
    let total = #"gateway_function_invocation_total{function_name="hello.openfaas-fn"}"#
    #expect(try prometheus.ask(total) { $0.first?.value == 8 }.first?.value == 8)
    #expect(try prometheus.ask("rate(\(total)[1m])") { $0.first.map { $0.value > 0 } ?? false }.count == 1)
    for row in Self.rows {
      let facts = try prometheus.metadata(row.name)
      #expect(facts.type == row.type, "\(row.name)")
      if let help = row.help { #expect(facts.help == help, "\(row.name)") }
    }
  }
}
