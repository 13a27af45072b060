/// A random walk that goes on with the mean step of its past.
package struct Drift: Model {
  package let name = "drift"
  package let isInstant = true

  package init() {}

  package func fit(_ sample: Sample, like relative: (any FittedModel)?, _ work: inout Work) -> (any FittedModel)? {
    guard sample.count > 2, let first = sample.values.first, let last = sample.values.last else { return nil }
    work.add(sample.count)
    let slope = (last - first) / Double(sample.count - 1)
    let errors = zip(sample.values.dropFirst(), sample.values).map { $0 - $1 - slope }
    return Fitted(last: last, slope: slope, count: sample.count, deviation: Statistics.rootMeanSquare(errors))
  }

  private struct Fitted: FittedModel {
    let label = "drift"
    let last: Double
    let slope: Double
    let count: Int
    let deviation: Double

    func forecast(_ horizon: Int) -> [Double] {
      (0..<horizon).map { last + slope * Double($0 + 1) }
    }

    func deviations(_ horizon: Int) -> [Double] {
      (0..<horizon).map {
        let step = Double($0 + 1)
        return deviation * (step * (1 + step / Double(count - 1))).squareRoot()
      }
    }
  }
}
