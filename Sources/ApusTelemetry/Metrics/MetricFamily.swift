import Synchronization

/// The series of one metric, told apart by the values of its labels.
package final class MetricFamily<Series: MetricSeries>: MetricSource {
  package let name: String
  let labelNames: [String]

  private let help: String
  private let seriesMax: Int
  private let overflowed: Counter
  private let make: @Sendable () -> Series
  private let table: Mutex<Table>

  private struct Table {
    /// In the order of their first use.
    var rows: [(values: [String], labels: [UInt8], series: Series)] = []
    var index: [[String]: Int] = [:]
  }

  init(
    name: String, help: String, labelNames: [String], seriesMax: Int, overflowed: Counter,
    make: @escaping @Sendable () -> Series
  ) {
    self.name = name
    self.help = help
    self.labelNames = labelNames
    self.seriesMax = seriesMax
    self.overflowed = overflowed
    self.make = make
    table = Mutex(Table())
  }

  /// A longer label value is cut: a URL may be long, a series' name need not be.
  private static var valueBytesMax: Int { 256 }

  /// The series with these values, one for each label, made at first use. Keep it: what it returns needs no lock.
  ///
  /// Label values may come from strangers, so there are at most `seriesMax` series. Whatever comes later shares the
  /// one whose values are all `other`, and is counted in `apus_metrics_overflow_total`.
  package func series(_ values: [String]) -> Series {
    precondition(values.count == labelNames.count, "\(name) has the labels \(labelNames), not \(values.count)")
    let wanted = values.map(MetricFamily.cut)
    return table.withLock { table in
      if let index = table.index[wanted] { return table.rows[index].series }
      if table.rows.count < seriesMax { return add(wanted, to: &table) }
      overflowed.increment()
      let other = labelNames.map { _ in "other" }
      if let index = table.index[other] { return table.rows[index].series }
      return add(other, to: &table)
    }
  }

  package func series(_ values: String...) -> Series { series(values) }

  /// Forgets every series whose label `name` has this value: a function that was removed, say.
  ///
  /// Handles of forgotten series still count, but nobody sees it.
  package func forget(_ name: String, _ value: String) {
    guard let column = labelNames.firstIndex(of: name) else { return }
    let cut = MetricFamily.cut(value)
    table.withLock { table in
      table.rows.removeAll { $0.values[column] == cut }
      table.index = [:]
      for (index, row) in table.rows.enumerated() { table.index[row.values] = index }
    }
  }

  package func write(into text: inout MetricsText) {
    let rows = table.withLock { $0.rows }
    text.header(name, help: help, kind: Series.kind)
    for row in rows { row.series.write(name: name, labels: row.labels, into: &text) }
  }

  private func add(_ values: [String], to table: inout Table) -> Series {
    let series = make()
    table.index[values] = table.rows.count
    table.rows.append((values, MetricsText.labels(labelNames, values), series))
    return series
  }

  private static func cut(_ value: String) -> String {
    value.utf8.count <= valueBytesMax ? value : String(decoding: value.utf8.prefix(valueBytesMax), as: UTF8.self)
  }
}
