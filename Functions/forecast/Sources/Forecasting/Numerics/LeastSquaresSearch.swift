/// Levenberg and Marquardt's search for the parameters whose residuals have the least sum of squares.
package struct LeastSquaresSearch {
  package var iterations: Int
  /// The relative gain below which it is not worth going on.
  package var tolerance = 1e-5

  package init(iterations: Int) {
    self.iterations = iterations
  }

  package struct Outcome {
    package var parameters: [Double]
    package var sumOfSquares: Double
    package var evaluations: Int
  }

  /// Residuals of a fixed count for any parameters, each time at that cost; a slope is taken by differences.
  package func minimise(
    _ start: [Double], cost: Int, _ deadline: inout Deadline, _ residuals: ([Double]) -> [Double]
  ) throws(TimeIsUp) -> Outcome {
    var parameters = start
    var current = residuals(start)
    var best = Self.squares(current)
    var evaluations = 1
    var damping = 1e-2
    guard !start.isEmpty, best.isFinite else {
      return Outcome(parameters: start, sumOfSquares: best, evaluations: 1)
    }
    for _ in 0..<iterations {
      let (hessian, gradient) = try slopes(parameters, current, cost, &deadline, residuals)
      evaluations += parameters.count
      var gained = false
      for _ in 0..<5 {
        try deadline.pass(cost)
        guard let step = try Self.step(hessian, gradient, damping, &deadline) else {
          damping *= 10
          continue
        }
        let candidate = zip(parameters, step).map { $0 - min(max($1, -3), 3) }
        let tried = residuals(candidate)
        let squares = Self.squares(tried)
        evaluations += 1
        if squares.isFinite, squares < best {
          gained = best - squares > tolerance * best
          (parameters, current, best) = (candidate, tried, squares)
          damping = max(damping * 0.2, 1e-8)
          break
        }
        damping *= 6
      }
      if !gained { break }
    }
    return Outcome(parameters: parameters, sumOfSquares: best, evaluations: evaluations)
  }

  private func slopes(
    _ parameters: [Double], _ current: [Double], _ cost: Int, _ deadline: inout Deadline,
    _ residuals: ([Double]) -> [Double]
  ) throws(TimeIsUp) -> (hessian: [Double], gradient: [Double]) {
    let count = parameters.count
    var columns: [[Double]] = []
    for index in parameters.indices {
      try deadline.pass(cost)
      var moved = parameters
      let step = 1e-5 * max(1, abs(moved[index]))
      moved[index] += step
      let there = residuals(moved)
      columns.append(zip(there, current).map { ($0 - $1) / step })
    }
    var hessian = Array(repeating: 0.0, count: count * count)
    var gradient = Array(repeating: 0.0, count: count)
    for i in 0..<count {
      for j in 0...i {
        hessian[i * count + j] = Self.product(columns[i], columns[j])
        hessian[j * count + i] = hessian[i * count + j]
      }
      gradient[i] = Self.product(columns[i], current)
    }
    return (hessian, gradient)
  }

  private static func step(
    _ hessian: [Double], _ gradient: [Double], _ damping: Double, _ deadline: inout Deadline
  ) throws(TimeIsUp) -> [Double]? {
    let count = gradient.count
    var damped = hessian
    for i in 0..<count {
      let own = damped[i * count + i]
      guard own.isFinite else { return nil }
      damped[i * count + i] = own * (1 + damping) + 1e-12
    }
    guard try NormalEquations.decompose(&damped, count, &deadline) else { return nil }
    let step = NormalEquations.substitute(damped, gradient, count)
    return step.allSatisfy(\.isFinite) ? step : nil
  }

  static func product(_ left: [Double], _ right: [Double]) -> Double {
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        var sum = 0.0
        for index in 0..<min(left.count, right.count) { sum += left[index] * right[index] }
        return sum
      }
    }
  }

  static func squares(_ values: [Double]) -> Double {
    product(values, values)
  }
}
