/// A way to forecast. It is fitted to a sample, and what comes out forecasts.
package protocol Model: Sendable {
  /// As the answer calls it.
  var name: String { get }

  /// Whether a fold of the backtest may do with the parameters of the fold before, as learning them is dear.
  var isSlow: Bool { get }

  /// Whether its forecasts have what known causes will do in them.
  var knowsCauses: Bool { get }

  /// Whether it looks at the sample's decomposition.
  var usesParts: Bool { get }

  /// Whether it costs next to nothing, and so forecasts however late it is.
  var isInstant: Bool { get }

  /// Fits the sample; nil if it is too short or otherwise nothing for this model.
  ///
  /// Given a `relative`, fitted to another part of the same series, its structure is kept and only parameters are
  /// new: the backtest asks for this, so that a fold costs one fit instead of one search.
  func fit(
    _ sample: Sample, like relative: (any FittedModel)?, _ work: inout Work
  ) throws(TimeIsUp) -> (any FittedModel)?
}

extension Model {
  package var isSlow: Bool { false }
  package var knowsCauses: Bool { false }
  package var usesParts: Bool { false }
  package var isInstant: Bool { false }
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
