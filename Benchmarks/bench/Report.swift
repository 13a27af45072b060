/// The figures of one benchmark: medians over rounds, and how they compare with a peer's.
struct Report {
  struct Column {
    let metric: String
    let title: String
    let decimals: Int
  }

  /// A column that divides a metric by the same metric of a peer in the same group.
  struct Ratio {
    let metric: String
    let title: String
    let peer: String
  }

  struct Row {
    let subject: String
    /// What is the same for rows that may be compared: the way of starting, the number of connections.
    let group: String
    var rounds: [[String: Double]] = []

    func median(_ metric: String) -> Double? {
      bench.median(of: rounds.compactMap { $0[metric] })
    }
  }

  let benchmark: Options.Benchmark
  let title: String
  let columns: [Column]
  let ratios: [Ratio]
  private(set) var rows: [Row] = []

  init(_ benchmark: Options.Benchmark, title: String, columns: [Column], ratios: [Ratio] = []) {
    self.benchmark = benchmark
    self.title = title
    self.columns = columns
    self.ratios = ratios
  }

  /// Adds one round's figures to a row, which appears with its first round.
  mutating func add(_ figures: [String: Double], subject: String, group: String = "") {
    if let index = rows.firstIndex(where: { $0.subject == subject && $0.group == group }) {
      rows[index].rounds.append(figures)
    } else {
      rows.append(Row(subject: subject, group: group, rounds: [figures]))
    }
  }

  func value(subject: String, group: String, metric: String) -> Double? {
    rows.first { $0.subject == subject && $0.group == group }?.median(metric)
  }

  func ratio(_ ratio: Ratio, of row: Row) -> Double? {
    guard let own = row.median(ratio.metric),
      let peer = value(subject: ratio.peer, group: row.group, metric: ratio.metric), peer != 0
    else { return nil }
    return own / peer
  }
}
