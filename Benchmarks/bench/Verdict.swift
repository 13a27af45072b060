/// What a threshold says about the figures.
struct Verdict {
  enum Outcome: String {
    case held
    case missed
    case notMeasured = "not measured"
  }

  let threshold: Threshold
  let outcome: Outcome
  let measured: Double?

  /// One line for each, the missed ones last, where they are read.
  static func lines(_ verdicts: [Verdict]) -> String {
    var lines = ["", "thresholds:"]
    for outcome in [Outcome.held, .notMeasured, .missed] {
      for verdict in verdicts where verdict.outcome == outcome {
        let measured = verdict.measured.map { ", measured \(fixed($0, 3))" } ?? ""
        lines.append("  \(outcome.rawValue): \(verdict.threshold.name)\(measured), wanted \(verdict.threshold.wanted)")
      }
    }
    return verdicts.isEmpty ? "" : lines.joined(separator: "\n")
  }
}
