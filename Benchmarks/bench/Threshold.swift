/// One line of thresholds.json: a figure of ours, absolute or divided by a peer's of the same run.
struct Threshold {
  enum Bound {
    case atMost(Double)
    case atLeast(Double)
  }

  let benchmark: Options.Benchmark
  let subject: String
  let group: String
  let metric: String
  /// The row the figure is divided by, in the same group.
  let peer: String?
  let bound: Bound

  static func load(path: String) throws(BenchError) -> [Threshold] {
    guard let list = try JSONReader.value(ofFile: path)["thresholds"]?.array else {
      throw .failed("\(path): expected an object with \"thresholds\"")
    }
    var result: [Threshold] = []
    for (index, entry) in list.enumerated() {
      guard let threshold = Threshold(entry) else {
        throw .failed(
          "\(path): threshold \(index + 1) needs a known \"benchmark\", a \"subject\", a \"metric\", "
            + "and one of \"atMost\" and \"atLeast\"")
      }
      result.append(threshold)
    }
    return result
  }

  private init?(_ entry: JSONValue) {
    guard let benchmark = entry["benchmark"]?.string.flatMap(Options.Benchmark.init(rawValue:)),
      let subject = entry["subject"]?.string, let metric = entry["metric"]?.string
    else { return nil }
    switch (entry["atMost"]?.number, entry["atLeast"]?.number) {
    case (let limit?, nil): bound = .atMost(limit)
    case (nil, let limit?): bound = .atLeast(limit)
    default: return nil
    }
    self.benchmark = benchmark
    self.subject = subject
    self.metric = metric
    group = entry["group"]?.string ?? ""
    peer = entry["times"]?.string
  }

  var name: String {
    "\(benchmark.rawValue): \(subject)\(group.isEmpty ? "" : " (\(group))") \(metric)"
  }

  var wanted: String {
    let unit = peer.map { " x \($0)" } ?? ""
    return switch bound {
    case .atMost(let limit): "at most \(fixed(limit, 3))\(unit)"
    case .atLeast(let limit): "at least \(fixed(limit, 3))\(unit)"
    }
  }

  func verdict(on reports: [Report]) -> Verdict {
    guard let report = reports.first(where: { $0.benchmark == benchmark }),
      let own = report.value(subject: subject, group: group, metric: metric)
    else { return Verdict(threshold: self, outcome: .notMeasured, measured: nil) }
    var measured = own
    if let peer {
      guard let other = report.value(subject: peer, group: group, metric: metric), other > 0 else {
        return Verdict(threshold: self, outcome: .notMeasured, measured: nil)
      }
      measured = own / other
    }
    let holds =
      switch bound {
      case .atMost(let limit): measured <= limit
      case .atLeast(let limit): measured >= limit
      }
    return Verdict(threshold: self, outcome: holds ? .held : .missed, measured: measured)
  }
}
