extension JSONValue {
  /// Everything measured: medians, every round, verdicts, notes.
  static func results(reports: [Report], verdicts: [Verdict], workbench: Workbench) -> JSONValue {
    .object([
      (name: "rounds", value: .number(Double(workbench.options.rounds))),
      (name: "quick", value: .bool(workbench.options.isQuick)),
      (name: "processors", value: .number(Double(workbench.processors))),
      (name: "benchmarks", value: .array(reports.map(report))),
      (name: "thresholds", value: .array(verdicts.map(verdict))),
      (name: "notes", value: .array(workbench.notes.map { .string($0) })),
      (name: "failures", value: .array(workbench.failures.map { .string($0) })),
    ])
  }

  private static func report(_ report: Report) -> JSONValue {
    let rows = report.rows.map { row in
      let medians = report.columns.map { column in
        (name: column.metric, value: row.median(column.metric).map { JSONValue.number($0) } ?? .null)
      }
      let rounds = row.rounds.map { round in
        JSONValue.object(round.sorted { $0.key < $1.key }.map { (name: $0.key, value: .number($0.value)) })
      }
      return JSONValue.object([
        (name: "subject", value: .string(row.subject)), (name: "group", value: .string(row.group)),
        (name: "median", value: .object(medians)), (name: "rounds", value: .array(rounds)),
      ])
    }
    return .object([
      (name: "benchmark", value: .string(report.benchmark.rawValue)), (name: "title", value: .string(report.title)),
      (name: "rows", value: .array(rows)),
    ])
  }

  private static func verdict(_ verdict: Verdict) -> JSONValue {
    .object([
      (name: "threshold", value: .string(verdict.threshold.name)),
      (name: "outcome", value: .string(verdict.outcome.rawValue)),
      (name: "measured", value: verdict.measured.map { .number($0) } ?? .null),
      (name: "wanted", value: .string(verdict.threshold.wanted)),
    ])
  }
}
