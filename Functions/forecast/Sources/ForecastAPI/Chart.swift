import Forecasting

/// History, forecast, bands and the limit as a drawing.
struct Chart {
  private static let width = 860.0
  private static let height = 360.0
  private static let margin = (left: 64.0, right: 16.0, top: 16.0, bottom: 36.0)
  /// More of the history than this makes the forecast too small to see.
  private static let historyShare = 4

  let request: PreparedRequest
  let outcome: Outcome

  var svg: String {
    let history = Array(request.series.values.suffix(max(40, Self.historyShare * outcome.steps.count)))
    let count = history.count + outcome.steps.count
    let range = range(history)
    func x(_ index: Int) -> Double {
      Self.margin.left + (Self.width - Self.margin.left - Self.margin.right) * Double(index) / Double(max(count - 1, 1))
    }
    func y(_ value: Double) -> Double {
      let share = (value - range.low) / (range.high - range.low)
      return Self.height - Self.margin.bottom - (Self.height - Self.margin.top - Self.margin.bottom) * share
    }
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\">",
      "<title>History and forecast</title><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
    ]
    parts += axis(range, y)
    let start = history.count
    for place in request.question.levels.indices.reversed() {
      let upper = outcome.steps.enumerated().map { point(x(start + $0), y($1.intervals[place].high)) }
      let lower = outcome.steps.enumerated().map { point(x(start + $0), y($1.intervals[place].low)) }
      let points = (upper + lower.reversed()).joined(separator: " ")
      parts.append(
        "<polygon points=\"\(points)\" fill=\"#1f77b4\" fill-opacity=\"0.18\">"
          + "<title>\(request.question.levels[place]) %</title></polygon>")
    }
    for run in runs(history) {
      let points = run.map { point(x($0.index), y($0.value)) }.joined(separator: " ")
      parts.append("<polyline points=\"\(points)\" fill=\"none\" stroke=\"#333\" stroke-width=\"1.3\"/>")
    }
    let means = outcome.steps.enumerated().map { point(x(start + $0), y($1.mean)) }.joined(separator: " ")
    parts.append("<polyline points=\"\(means)\" fill=\"none\" stroke=\"#1f77b4\" stroke-width=\"2\"/>")
    if let limit = request.question.capacity?.limit {
      let height = number(y(limit))
      parts.append(
        "<line x1=\"\(number(Self.margin.left))\" x2=\"\(number(Self.width - Self.margin.right))\" y1=\"\(height)\" "
          + "y2=\"\(height)\" stroke=\"#c22\" stroke-dasharray=\"6 4\"><title>limit \(label(limit))</title></line>")
    }
    parts += stamps(history.count, x)
    return parts.joined(separator: "\n") + "\n</svg>\n"
  }

  private func range(_ history: [Double?]) -> (low: Double, high: Double) {
    var values = history.compactMap { $0 }
    for step in outcome.steps {
      values.append(step.mean)
      if let widest = step.intervals.last { values += [widest.low, widest.high] }
    }
    if let limit = request.question.capacity?.limit { values.append(limit) }
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let room = high > low ? 0.04 * (high - low) : max(abs(high), 1) * 0.1
    return (low - room, high + room)
  }

  private func axis(_ range: (low: Double, high: Double), _ y: (Double) -> Double) -> [String] {
    (0...4).map { step in
      let value = range.low + (range.high - range.low) * Double(step) / 4
      let height = number(y(value))
      let (left, right) = (number(Self.margin.left), number(Self.width - Self.margin.right))
      return "<line x1=\"\(left)\" x2=\"\(right)\" y1=\"\(height)\" y2=\"\(height)\" stroke=\"#ddd\"/>"
        + "<text x=\"\(number(Self.margin.left - 6))\" y=\"\(height)\" font-size=\"11\" font-family=\"sans-serif\" "
        + "text-anchor=\"end\" dominant-baseline=\"middle\">\(label(value))</text>"
    }
  }

  /// Where the history begins and ends, and the forecast ends.
  private func stamps(_ known: Int, _ x: (Int) -> Double) -> [String] {
    guard let grid = request.series.grid else { return [] }
    let count = request.series.values.count
    let ahead = outcome.steps.count
    let height = number(Self.height - 12)
    let places = [(0, "start"), (known - 1, "middle"), (known + ahead - 1, "end")]
    return places.map { index, anchor in
      let text = grid.instant(count - known + index).text
      return "<text x=\"\(number(x(index)))\" y=\"\(height)\" font-size=\"11\" font-family=\"sans-serif\" "
        + "text-anchor=\"\(anchor)\">\(text)</text>"
    }
  }

  /// Values without gaps between them.
  private func runs(_ history: [Double?]) -> [[(index: Int, value: Double)]] {
    var runs: [[(index: Int, value: Double)]] = [[]]
    for (index, value) in history.enumerated() {
      if let value { runs[runs.count - 1].append((index, value)) } else { runs.append([]) }
    }
    return runs.filter { !$0.isEmpty }
  }

  private func point(_ x: Double, _ y: Double) -> String { "\(number(x)),\(number(y))" }

  /// A tenth of a unit is less than a pixel.
  private func number(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

  /// Three digits or so.
  private func label(_ value: Double) -> String {
    var unit = 1.0
    while abs(value) / unit >= 1_000, unit < 1e90 { unit *= 10 }
    while abs(value) / unit < 100, unit > 1e-9 { unit /= 10 }
    let rounded = (value / unit).rounded() * unit
    return unit >= 1 && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\((rounded * 1e9).rounded() / 1e9)"
  }
}
