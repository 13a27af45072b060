/// Local straight lines through evenly spaced values, weighted by nearness (Cleveland 1979).
enum Loess {
  /// The smoothed values at the positions -`before` … count-1+`after`.
  ///
  /// With a `jump` above 1 only each `jump`-th position is fitted and what lies between is interpolated.
  static func smooth(
    _ values: [Double], window: Int, degree: Int = 1, jump: Int = 1, before: Int = 0, after: Int = 0,
    _ deadline: inout Deadline
  ) throws(TimeIsUp) -> [Double] {
    let first = -before
    let last = values.count - 1 + after
    guard !values.isEmpty, first <= last else { return [] }
    var smoothed = Array(repeating: 0.0, count: last - first + 1)
    var position = first
    var previous = first
    let cost = 20 + 3 * min(window, values.count)
    try values.withUnsafeBufferPointer { (values) throws(TimeIsUp) -> Void in
      while true {
        try deadline.pass(cost)
        smoothed[position - first] = fit(values, at: position, window: window, degree: degree)
        if position - previous > 1 {
          let start = smoothed[previous - first]
          let slope = (smoothed[position - first] - start) / Double(position - previous)
          for between in (previous + 1)..<position {
            smoothed[between - first] = start + slope * Double(between - previous)
          }
        }
        if position == last { break }
        previous = position
        position = min(position + max(jump, 1), last)
      }
    }
    return smoothed
  }

  private static func fit(_ values: UnsafeBufferPointer<Double>, at x: Int, window: Int, degree: Int) -> Double {
    let count = values.count
    let width = min(window, count)
    let left = min(max(x - width / 2, 0), count - width)
    let right = left + width - 1
    // The farthest neighbour decides the reach; a window wider than the data reaches farther still.
    var reach = Double(max(x - left, right - x))
    if window > count { reach += Double((window - count) / 2) }
    guard reach > 0 else { return values[left] }
    var total = 0.0
    var centre = 0.0
    var level = 0.0
    var spread = 0.0
    var product = 0.0
    for index in left...right {
      let offset = Double(index - x)
      let distance = abs(offset) / reach
      guard distance < 0.999 else { continue }
      let cube = 1 - distance * distance * distance
      let weight = distance <= 0.001 ? 1 : cube * cube * cube
      total += weight
      centre += weight * offset
      level += weight * values[index]
      spread += weight * offset * offset
      product += weight * offset * values[index]
    }
    guard total > 0 else { return values[min(max(x, 0), count - 1)] }
    centre /= total
    level /= total
    let variance = spread / total - centre * centre
    guard degree > 0, variance.squareRoot() > 0.001 * Double(count - 1) || variance > 0.25 else { return level }
    return level - centre * (product / total - centre * level) / variance
  }
}
