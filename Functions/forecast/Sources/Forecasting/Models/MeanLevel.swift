/// The mean of all that was: the best there is for values without memory.
package struct MeanLevel: Model {
  package let name = "mean"
  package let isInstant = true

  package init() {}

  package func fit(_ sample: Sample, like relative: (any FittedModel)?, _ work: inout Work) -> (any FittedModel)? {
    guard sample.count > 1 else { return nil }
    work.add(sample.count)
    return Fitted(mean: Statistics.mean(sample.values), deviation: Statistics.deviation(sample.values))
  }

  private struct Fitted: FittedModel {
    let label = "mean"
    let mean: Double
    let deviation: Double

    func forecast(_ horizon: Int) -> [Double] { Array(repeating: mean, count: horizon) }
    func deviations(_ horizon: Int) -> [Double] { Array(repeating: deviation, count: horizon) }
  }
}
