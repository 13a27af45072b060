/// Seasons taken out by decomposition, another model for what is left, and the last cycles put back.
package struct SeasonallyAdjusted: Model {
  private let base: any Model

  package init(_ base: any Model) {
    self.base = base
  }

  package let usesParts = true

  package var name: String { "mstl+\(base.name)" }

  package func fit(
    _ sample: Sample, like relative: (any FittedModel)?, _ work: inout Work
  ) throws(TimeIsUp) -> (any FittedModel)? {
    guard let parts = sample.decomposition, !parts.seasons.isEmpty else { return nil }
    let kept = (relative as? Fitted)?.base
    guard let base = try base.fit(Sample(parts.adjusted), like: kept, &work) else { return nil }
    return Fitted(base: base, parts: parts)
  }

  private struct Fitted: FittedModel {
    let base: any FittedModel
    let parts: Decomposition

    var label: String { "mstl\(parts.seasons)+\(base.label)" }

    func forecast(_ horizon: Int) -> [Double] {
      zip(base.forecast(horizon), parts.seasonalAhead(horizon)).map { $0 + $1 }
    }

    func deviations(_ horizon: Int) -> [Double] { base.deviations(horizon) }
  }
}
