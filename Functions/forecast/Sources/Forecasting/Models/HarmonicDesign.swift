import Glibc

/// The columns of a harmonic regression.
struct HarmonicDesign: Sendable {
  /// Season and wave of each pair of columns.
  let waves: [(season: Int, harmonic: Int)]
  /// Where the trend may bend.
  let bends: [Int]
  let regressors: Int
  /// The length that the trend is measured in.
  let span: Double

  var width: Int {
    2 + 2 * waves.count - waves.filter { 2 * $0.harmonic == $0.season }.count + bends.count + regressors
  }

  var label: String { "\(waves.count) waves" }

  /// From few waves to many.
  static func candidates(_ sample: Sample, bends count: Int) -> [HarmonicDesign] {
    // The last sixth is too short to tell a bend from noise.
    let bends = count == 0 || sample.count < 40 ? [] : (1...count).map { $0 * sample.count * 5 / (6 * (count + 1)) }
    let seasons = sample.seasons.filter { $0 > 1 && Double(sample.count) >= 1.5 * Double($0) }
    var seen: Set<Int> = []
    return [0.0, 0.15, 0.4, 1].compactMap { share in
      var waves: [(season: Int, harmonic: Int)] = []
      for (index, season) in seasons.enumerated() {
        let most = min(season / 2, season <= 31 ? 12 : season > 300 && seasons.count > 1 ? 10 : 30, sample.count / 6)
        let least = share == 0 ? 0 : max(1, Int((share * Double(most)).rounded()))
        // A short season beside a long one is taken whole: it costs little.
        let harmonics = index < seasons.count - 1 && share > 0 ? most : least
        for harmonic in 1..<(harmonics + 1) {
          // A wave that a shorter season has already is not taken twice.
          let isTaken = seasons[..<index].contains { shorter in
            (harmonic * shorter) % season == 0 && harmonic * shorter / season <= shorter / 2
          }
          if !isTaken { waves.append((season, harmonic)) }
        }
      }
      guard seen.insert(waves.count).inserted else { return nil }
      return HarmonicDesign(
        waves: waves, bends: bends, regressors: sample.regressors.count, span: Double(max(sample.count, 1)))
    }
  }

  /// The same waves with bends for a shorter history.
  func cut(to count: Int) -> HarmonicDesign {
    let share = Double(count) / span
    return HarmonicDesign(
      waves: waves, bends: bends.map { Int(Double($0) * share) }, regressors: regressors, span: Double(max(count, 1)))
  }

  func row(_ index: Int, _ columns: [[Double]]) -> [Double] {
    var row: [Double] = []
    row.reserveCapacity(width)
    row.append(1)
    row.append(Double(index) / span - 0.5)
    for bend in bends { row.append(max(0, Double(index - bend) / span)) }
    for (season, harmonic) in waves {
      let angle = 2 * Double.pi * Double((harmonic * index) % season) / Double(season)
      row.append(cos(angle))
      if 2 * harmonic != season { row.append(sin(angle)) }
    }
    for column in columns { row.append(index < column.count ? column[index] : 0) }
    return row
  }

  /// What a coefficient of each column costs.
  func ridge(_ count: Int) -> [Double] {
    let size = Double(count)
    var ridge = [0.0, 1e-6 * size]
    ridge += bends.map { _ in 0.002 * size }
    for (season, harmonic) in waves {
      ridge.append(1e-4 * size)
      if 2 * harmonic != season { ridge.append(1e-4 * size) }
    }
    // The first known cause stands for all of them together; the others say how each differs.
    for index in 0..<regressors { ridge.append(index == 0 ? 0.01 : 0.3) }
    return ridge
  }
}
