/// A way to forecast. It is fitted to a sample, and what comes out forecasts.
package protocol Model: Sendable {
  /// As the answer calls it.
  var name: String { get }

  /// Fits the sample; nil if it is too short or otherwise nothing for this model.
  ///
  /// Given what an earlier, shorter sample led to, structure and parameters are kept and only states are new: the
  /// backtest asks for this, so that a fold costs one pass instead of one search.
  func fit(_ sample: Sample, keeping earlier: (any FittedModel)?, _ work: inout Work) -> (any FittedModel)?
}

/// A model that has seen its sample.
package protocol FittedModel: Sendable {
  /// What was chosen within the model: orders, components.
  var label: String { get }
  /// The next `horizon` values.
  func forecast(_ horizon: Int) -> [Double]
  /// The standard deviation of the error at each of the next steps, by the model's own theory.
  func deviations(_ horizon: Int) -> [Double]
}
