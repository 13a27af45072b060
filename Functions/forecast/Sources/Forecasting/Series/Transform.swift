import Glibc

/// Box and Cox's transform (1964) with one of three powers, under which growth and swings become more even.
package struct Transform: Sendable, Equatable {
  /// 1 leaves values alone, 0 takes logarithms.
  package let power: Double

  package init(power: Double) {
    self.power = power
  }

  package static let none = Transform(power: 1)
  package static let logarithm = Transform(power: 0)

  package var name: String { power == 1 ? "none" : power == 0 ? "log" : "box-cox(\(power))" }

  package func apply(_ value: Double) -> Double {
    if power == 1 { return value }
    let positive = max(value, 1e-12)
    return power == 0 ? log(positive) : (pow(positive, power) - 1) / power
  }

  package func invert(_ value: Double) -> Double {
    if power == 1 { return value }
    // Values are scaled to about 1, so that beyond this nothing sensible is left.
    if power == 0 { return exp(min(max(value, -27), 27)) }
    return pow(max(power * value + 1, 0), 1 / power)
  }

  /// The power under which swings do not depend on the level: the slope of their logarithms says it.
  package static func suiting(_ values: [Double], season: Int) -> Transform {
    guard values.count >= 16, values.allSatisfy({ $0 > 0 }) else { return .none }
    let length = season > 1 && values.count >= 4 * season ? season : max(values.count / 12, 4)
    var points: [(x: Double, y: Double)] = []
    for start in stride(from: values.count % length, to: values.count - length + 1, by: length) {
      let block = Array(values[start..<(start + length)])
      let line = SmoothingStates.line(block)
      let errors = block.enumerated().map { $1 - line.start - line.slope * Double($0) }
      let spread = Statistics.rootMeanSquare(errors)
      if spread > 0 { points.append((log(Statistics.mean(block)), log(spread))) }
    }
    guard points.count >= 4 else { return .none }
    let (meanX, meanY) = (Statistics.mean(points.map(\.x)), Statistics.mean(points.map(\.y)))
    var (product, squaresX, squaresY) = (0.0, 0.0, 0.0)
    for point in points {
      product += (point.x - meanX) * (point.y - meanY)
      squaresX += (point.x - meanX) * (point.x - meanX)
      squaresY += (point.y - meanY) * (point.y - meanY)
    }
    // The level has to move for the slope to mean anything.
    guard squaresX / Double(points.count) > 0.01, squaresY > 0 else { return .none }
    let slope = product / squaresX
    guard product / (squaresX * squaresY).squareRoot() > 0.4 else { return .none }
    return slope > 0.75 ? .logarithm : slope > 0.35 ? Transform(power: 0.5) : .none
  }
}
