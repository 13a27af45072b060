/// The value below which the given share of the samples lies (nearest rank).
func percentile(_ share: Double, of samples: [Double]) -> Double? {
  guard !samples.isEmpty else { return nil }
  let rank = Int((share * Double(samples.count)).rounded(.up))
  return samples.sorted()[min(max(rank, 1), samples.count) - 1]
}

func median(of samples: [Double]) -> Double? {
  guard !samples.isEmpty else { return nil }
  let sorted = samples.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// A number with a fixed count of decimals, as printf's `%.nf`.
func fixed(_ value: Double, _ decimals: Int) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "-" }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let scaled = Int64((abs(value) * scale).rounded())
  let sign = value < 0 && scaled != 0 ? "-" : ""
  guard decimals > 0 else { return "\(sign)\(scaled)" }
  let fraction = String(scaled % Int64(scale))
  let zeros = String(repeating: "0", count: decimals - fraction.count)
  return "\(sign)\(scaled / Int64(scale)).\(zeros)\(fraction)"
}
