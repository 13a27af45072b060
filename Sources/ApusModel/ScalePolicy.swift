/// How many replicas a function has, and when.
package struct ScalePolicy: Hashable, Sendable {
  /// What a function's load is counted in.
  package enum ScaleType: Hashable, Sendable {
    /// Calls under way.
    case capacity
    /// Calls a second.
    case rps
    /// Thousandths of a processor.
    case cpu
  }

  package var min: Int
  package var max: Int
  package var scalesToZero: Bool
  /// How long a function is idle before its last replica ends.
  package var zeroDuration: Duration
  package var type: ScaleType
  /// Load that one replica is to bear, in the type's unit.
  package var target: Double
  /// The share of `target` at which another replica is wanted.
  package var targetProportion: Double
  /// Replicas go down only to the highest number wanted within this time.
  package var downWindow: Duration
  /// Calls that one replica takes at a time; nil for any number.
  package var maxInflight: Int?

  package init(
    min: Int = 0, max: Int = 20, scalesToZero: Bool = true, zeroDuration: Duration = .seconds(30),
    type: ScaleType = .capacity, target: Double = 50, targetProportion: Double = 0.9,
    downWindow: Duration = .seconds(60), maxInflight: Int? = nil
  ) {
    self.min = min
    self.max = max
    self.scalesToZero = scalesToZero
    self.zeroDuration = zeroDuration
    self.type = type
    self.target = target
    self.targetProportion = targetProportion
    self.downWindow = downWindow
    self.maxInflight = maxInflight
  }
}
