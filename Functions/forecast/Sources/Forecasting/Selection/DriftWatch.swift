/// Whether new observations leave an earlier forecast: cumulative sums of its errors (Page 1954).
package struct DriftWatch: Sendable {
  package enum Verdict: String, Sendable {
    case stable
    case above
    case below
  }
  package private(set) var verdict = Verdict.stable
  /// The first observation of the excursion that gave the verdict.
  package private(set) var since: Int?
  /// The observation at which it was certain.
  package private(set) var detected: Int?
  /// Errors in standard deviations of their step; nil where nothing was observed.
  package let errors: [Double?]
  package private(set) var upper: [Double] = []
  package private(set) var lower: [Double] = []

  /// Half a deviation is let pass at each step, and five together are too many: on a forecast that holds, about one
  /// false alarm in 460 steps.
  package init(observed: [Double?], means: [Double], deviations: [Double], slack: Double = 0.5, limit: Double = 5) {
    errors = zip(observed, zip(means, deviations)).map { value, step in
      guard let value else { return nil }
      let deviation = max(step.1, 1e-12 * max(1, abs(step.0)))
      return min(max((value - step.0) / deviation, -50), 50)
    }
    var (up, down) = (0.0, 0.0)
    var (upSince, downSince) = (0, 0)
    for (index, error) in errors.enumerated() {
      if let error {
        if up == 0 { upSince = index }
        if down == 0 { downSince = index }
        up = max(0, up + error - slack)
        down = max(0, down - error - slack)
      }
      upper.append(up)
      lower.append(down)
      guard verdict == .stable, max(up, down) > limit else { continue }
      verdict = up > down ? .above : .below
      since = up > down ? upSince : downSince
      detected = index
    }
  }
}
