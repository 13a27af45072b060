/// Each step repeats what was one season before.
package struct SeasonalNaive: Model {
  private let season: Int
  package let isInstant = true

  package init(season: Int) {
    self.season = max(season, 1)
  }

  package var name: String { season > 1 ? "seasonal-naive[\(season)]" : "naive" }

  package func fit(_ sample: Sample, like relative: (any FittedModel)?, _ work: inout Work) -> (any FittedModel)? {
    guard sample.count > season else { return nil }
    work.add(sample.count)
    let errors = zip(sample.values.dropFirst(season), sample.values).map { $0 - $1 }
    return Fitted(
      label: name, cycle: Array(sample.values.suffix(season)), deviation: Statistics.rootMeanSquare(errors))
  }

  private struct Fitted: FittedModel {
    let label: String
    let cycle: [Double]
    let deviation: Double

    func forecast(_ horizon: Int) -> [Double] {
      (0..<horizon).map { cycle[$0 % cycle.count] }
    }

    func deviations(_ horizon: Int) -> [Double] {
      (0..<horizon).map { deviation * Double($0 / cycle.count + 1).squareRoot() }
    }
  }
}
