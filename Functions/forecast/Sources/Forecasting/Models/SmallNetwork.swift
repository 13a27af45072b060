import Glibc

/// One hidden layer of hyperbolic tangents and a straight connection, so that it starts as a linear autoregression.
struct SmallNetwork: Sendable {
  let inputCount: Int
  let hidden: Int
  /// Per hidden unit: a bias, the input weights, the output weight; then the output's bias and the straight weights.
  private var weights: [Double]

  init(inputs: Int, hidden: Int, _ random: inout RandomNumbers) {
    inputCount = inputs
    self.hidden = hidden
    let count = hidden * (inputs + 2) + 1 + inputs
    weights = (0..<count).map { _ in 0.3 * random.normal() }
  }

  /// The next value after `recent`, which has `inputCount` values, oldest first.
  func output(_ recent: ArraySlice<Double>) -> Double {
    var ignored: [Double] = []
    return evaluate(recent, weights, slopes: &ignored)
  }

  private func evaluate(_ recent: ArraySlice<Double>, _ weights: [Double], slopes: inout [Double]) -> Double {
    let wantsSlopes = !slopes.isEmpty
    return weights.withUnsafeBufferPointer { weights in
      recent.withUnsafeBufferPointer { recent in
        let straight = hidden * (inputCount + 2)
        var output = weights[straight]
        if wantsSlopes { slopes[straight] = 1 }
        for index in 0..<inputCount {
          output += weights[straight + 1 + index] * recent[index]
          if wantsSlopes { slopes[straight + 1 + index] = recent[index] }
        }
        for unit in 0..<hidden {
          let start = unit * (inputCount + 2)
          var sum = weights[start]
          for index in 0..<inputCount { sum += weights[start + 1 + index] * recent[index] }
          let value = tanh(sum)
          let weight = weights[start + 1 + inputCount]
          output += weight * value
          guard wantsSlopes else { continue }
          let slope = weight * (1 - value * value)
          slopes[start] = slope
          for index in 0..<inputCount { slopes[start + 1 + index] = slope * recent[index] }
          slopes[start + 1 + inputCount] = value
        }
        return output
      }
    }
  }

  /// Levenberg and Marquardt's method with a decay of the weights. Returns the units of work.
  mutating func train(
    _ values: [Double], iterations: Int, _ deadline: inout Deadline
  ) throws(TimeIsUp) -> Int {
    let count = weights.count
    let rows = values.count - inputCount
    let decay = 0.05
    var damping = 0.1
    var best = cost(values, weights, decay)
    var units = 0
    for _ in 0..<iterations {
      try deadline.pass(rows * count * (count / 2 + 8))
      var equations = NormalEquations(count: count)
      var slopes = Array(repeating: 1.0, count: count)
      for index in inputCount..<values.count {
        let error = values[index] - evaluate(values[(index - inputCount)..<index], weights, slopes: &slopes)
        equations.add(slopes, error)
      }
      equations.addToTargets(weights.map { -decay * $0 })
      units += rows * count * (count / 2 + 8)
      var gained = false
      for _ in 0..<4 {
        if let step = try equations.solve(ridge: Array(repeating: decay + damping, count: count), &deadline) {
          let candidate = zip(weights, step).map { $0 + $1 }
          let now = cost(values, candidate, decay)
          units += rows * count * 2
          if now < best {
            gained = best - now > 1e-4 * best
            (weights, best) = (candidate, now)
            damping = max(damping * 0.3, 1e-3)
            break
          }
        }
        damping *= 8
      }
      if !gained { break }
    }
    return units
  }

  private func cost(_ values: [Double], _ weights: [Double], _ decay: Double) -> Double {
    var sum = decay * LeastSquaresSearch.squares(weights)
    var ignored: [Double] = []
    for index in inputCount..<values.count {
      let error = values[index] - evaluate(values[(index - inputCount)..<index], weights, slopes: &ignored)
      sum += error * error
    }
    return sum
  }
}
