/// How many replicas a function gets for its load, as the deployment's `com.openfaas.scale.*` labels say.
package struct ScalePolicy: Hashable, Sendable {
  /// Above 0: so many replicas stay, called or not.
  package var min: Int
  package var max: Int
  /// False keeps at least one replica even when `min` is 0.
  package var scalesToZero: Bool
  /// Without a call for so long, the function sleeps.
  package var zeroDuration: Duration
  package var type: ScaleType
  /// Load that one replica takes, in the unit of `type`.
  package var target: Double
  /// Share of the target at which a replica counts as full, so that the next one is there in time.
  package var targetProportion: Double
  /// Replicas are taken away only if the whole window could have done without them.
  package var downWindow: Duration
  /// Calls that one replica runs at once, enforced by the gateway; nil is no limit.
  package var maxInflight: Int?

  /// Defaults as the protocols fix them; `target` without a value is `maxInflight`, else 50.
  package init(
    min: Int = 0, max: Int = 20, scalesToZero: Bool = true, zeroDuration: Duration = .seconds(30),
    type: ScaleType = .capacity, target: Double? = nil, targetProportion: Double = 0.90,
    downWindow: Duration = .seconds(60), maxInflight: Int? = nil
  ) {
    self.min = min
    self.max = max
    self.scalesToZero = scalesToZero
    self.zeroDuration = zeroDuration
    self.type = type
    self.target = target ?? maxInflight.map(Double.init) ?? 50
    self.targetProportion = targetProportion
    self.downWindow = downWindow
    self.maxInflight = maxInflight
  }
}
