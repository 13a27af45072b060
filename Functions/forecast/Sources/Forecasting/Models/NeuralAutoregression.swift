import Glibc

/// A few small networks of one hidden layer, trained here on lags of the values; their mean forecasts.
///
/// It is what it is: a handful of weights, for waves that no straight line continues.
package struct NeuralAutoregression: Model {
  package let name = "neural-ar"
  package let isSlow = true
  package let usesParts = true
  private static let networks = 3
  private static let historyLimit = 500

  package init() {}

  package func fit(
    _ sample: Sample, like relative: (any FittedModel)?, _ work: inout Work
  ) throws(TimeIsUp) -> (any FittedModel)? {
    let parts = sample.decomposition
    let base = Array((parts?.adjusted ?? sample.values).suffix(Self.historyLimit))
    guard base.count >= 30 else { return nil }
    if let relative = relative as? Fitted {
      return Fitted(scaling: relative.scaling, networks: relative.networks, history: base, parts: parts)
    }
    let isDifferenced = Statistics.levelStationarity(base) > 0.463
    let scaling = Scaling(base, isDifferenced: isDifferenced)
    let inputs = scaling.inputs(base)
    let order = HarmonicRegression.autoregression(inputs, order: nil).coefficients.count
    let lags = min(max(order, 2), 8)
    let hidden = min(max((lags + 1) / 2, 2), 3)
    guard inputs.count > 4 * lags + 10 else { return nil }
    var random = RandomNumbers(seed: 7)
    var networks: [SmallNetwork] = []
    for _ in 0..<Self.networks {
      var network = SmallNetwork(inputs: lags, hidden: hidden, &random)
      work.add(try network.train(inputs, iterations: 10, &work.deadline))
      networks.append(network)
    }
    return Fitted(scaling: scaling, networks: networks, history: base, parts: parts)
  }

  private struct Scaling: Sendable {
    let isDifferenced: Bool
    let centre: Double
    let scale: Double
    let lowest: Double
    let highest: Double

    init(_ values: [Double], isDifferenced: Bool) {
      self.isDifferenced = isDifferenced
      let raw = isDifferenced ? zip(values.dropFirst(), values).map { $0 - $1 } : values
      centre = Statistics.mean(raw)
      scale = max(Statistics.deviation(raw), 1e-12)
      lowest = ((raw.min() ?? 0) - centre) / scale - 0.3
      highest = ((raw.max() ?? 0) - centre) / scale + 0.3
    }

    func inputs(_ values: [Double]) -> [Double] {
      let raw = isDifferenced ? zip(values.dropFirst(), values).map { $0 - $1 } : values
      return raw.map { ($0 - centre) / scale }
    }
  }

  private struct Fitted: FittedModel {
    let scaling: Scaling
    let networks: [SmallNetwork]
    let history: [Double]
    let parts: Decomposition?

    var label: String {
      "neural-ar(\(networks.first?.inputCount ?? 0) lags, \(networks.first?.hidden ?? 0) units, \(networks.count) nets)"
    }

    func forecast(_ horizon: Int) -> [Double] {
      var mean = Array(repeating: 0.0, count: horizon)
      let inputs = scaling.inputs(history)
      for network in networks {
        var recent = Array(inputs.suffix(network.inputCount))
        var level = history.last ?? 0
        for step in 0..<horizon {
          // Never far out of what was seen: a network knows nothing there.
          let next = min(max(network.output(recent[...]), scaling.lowest), scaling.highest)
          recent.removeFirst()
          recent.append(next)
          let value = scaling.centre + scaling.scale * next
          level = scaling.isDifferenced ? level + value : value
          mean[step] += level / Double(networks.count)
        }
      }
      guard let parts else { return mean }
      return zip(mean, parts.seasonalAhead(horizon)).map { $0 + $1 }
    }

    func deviations(_ horizon: Int) -> [Double] {
      let inputs = scaling.inputs(history)
      guard let network = networks.first, inputs.count > network.inputCount else {
        return Array(repeating: scaling.scale, count: horizon)
      }
      let errors = (network.inputCount..<inputs.count).map {
        inputs[$0] - network.output(inputs[($0 - network.inputCount)..<$0])
      }
      let one = Statistics.rootMeanSquare(errors) * scaling.scale
      let most = scaling.isDifferenced ? Double.infinity : max(scaling.scale, one)
      return (0..<horizon).map { min(one * Double($0 + 1).squareRoot(), most) }
    }
  }
}
