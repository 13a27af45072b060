/// Sums of products of a regression, to be solved with a ridge.
package struct NormalEquations {
  package let count: Int
  /// Lower triangle by rows; the upper one is not kept.
  private var products: [Double]
  private var targets: [Double]

  package init(count: Int) {
    self.count = count
    products = Array(repeating: 0, count: count * count)
    targets = Array(repeating: 0, count: count)
  }

  /// Adds an observation.
  package mutating func add(_ row: [Double], _ target: Double, weight: Double = 1) {
    row.withUnsafeBufferPointer { row in
      products.withUnsafeMutableBufferPointer { products in
        for i in 0..<count {
          let value = row[i] * weight
          guard value != 0 else { continue }
          targets[i] += value * target
          let start = i * count
          for j in 0...i { products[start + j] += value * row[j] }
        }
      }
    }
  }

  /// Adds to the right-hand side, as the slope of a penalty does.
  package mutating func addToTargets(_ values: [Double]) {
    for (index, value) in values.enumerated() where index < count { targets[index] += value }
  }

  /// The coefficients that minimise squares plus `ridge[i] * coefficient²`; nil if the equations have no one solution.
  package func solve(ridge: [Double], _ deadline: inout Deadline) throws(TimeIsUp) -> [Double]? {
    var factor = products
    for i in 0..<count { factor[i * count + i] += ridge[i] }
    guard try Self.decompose(&factor, count, &deadline) else { return nil }
    return Self.substitute(factor, targets, count)
  }

  /// Cholesky's factor in place; false if the matrix is not positive definite.
  static func decompose(
    _ matrix: inout [Double], _ count: Int, _ deadline: inout Deadline
  ) throws(TimeIsUp) -> Bool {
    try matrix.withUnsafeMutableBufferPointer { (matrix) throws(TimeIsUp) -> Bool in
      for i in 0..<count {
        try deadline.pass(i * i)
        let row = i * count
        for j in 0...i {
          let other = j * count
          var sum = matrix[row + j]
          for k in 0..<j { sum -= matrix[row + k] * matrix[other + k] }
          if i == j {
            guard sum > 1e-12 * max(matrix[row + i], 1e-300), sum.isFinite else { return false }
            matrix[row + i] = sum.squareRoot()
          } else {
            matrix[row + j] = sum / matrix[other + j]
          }
        }
      }
      return true
    }
  }

  static func substitute(_ factor: [Double], _ targets: [Double], _ count: Int) -> [Double] {
    var solution = targets
    for i in 0..<count {
      for k in 0..<i { solution[i] -= factor[i * count + k] * solution[k] }
      solution[i] /= factor[i * count + i]
    }
    for i in (0..<count).reversed() {
      for k in (i + 1)..<max(count, i + 1) { solution[i] -= factor[k * count + i] * solution[k] }
      solution[i] /= factor[i * count + i]
    }
    return solution
  }
}
