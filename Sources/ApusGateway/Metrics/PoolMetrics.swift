import ApusModel
import ApusTelemetry

/// The pools' own figures, read when the page is asked for.
struct PoolMetrics: MetricSource {
  private let functions: FunctionTable

  init(_ functions: FunctionTable) {
    self.functions = functions
  }

  func write(into text: inout MetricsText) {
    let all = functions.all.sorted { $0.name.qualified < $1.name.qualified }
    let rows = all.map { function in
      (name: function.name.qualified, figures: function.read { ($0.counts, $0.totals) })
    }
    text.header("gateway_service_count", help: "Current count of replicas for function", kind: .gauge)
    for row in rows { text.sample("gateway_service_count", function: row.name, value: row.figures.0.present) }
    text.header("apus_calls_waiting", help: "Calls that wait for a replica.", kind: .gauge)
    for row in rows { text.sample("apus_calls_waiting", function: row.name, value: row.figures.0.waiting) }
    text.header("apus_calls_running", help: "Calls that a replica has.", kind: .gauge)
    for row in rows { text.sample("apus_calls_running", function: row.name, value: row.figures.0.running) }
    text.header("apus_replica_starts_total", help: "Replicas started.", kind: .counter)
    for row in rows { text.sample("apus_replica_starts_total", function: row.name, value: Int(row.figures.1.starts)) }
    text.header("apus_call_refusals_total", help: "Calls that got no replica, by reason.", kind: .counter)
    for row in rows {
      for reason in Refusal.Reason.allCases where row.figures.1[reason] > 0 {
        text.sample(
          "apus_call_refusals_total", labels: ["function_name", "reason"], [row.name, reason.label],
          value: Int(row.figures.1[reason]))
      }
    }
  }
}

extension MetricsText {
  fileprivate mutating func sample(_ name: String, function: String, value: Int) {
    sample(name, labels: ["function_name"], [function], value: value)
  }

  fileprivate mutating func sample(_ name: String, labels: [String], _ values: [String], value: Int) {
    sample(name, labels: MetricsText.labels(labels, values), value: UInt64(max(0, value)))
  }
}
