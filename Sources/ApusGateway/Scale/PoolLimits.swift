import ApusModel

/// Bounds of one function's pool, each with its reason.
package struct PoolLimits: Hashable, Sendable {
  /// Calls parked at once. More than a second's worth of work helps nobody, and each holds a connection and its body.
  package var lineLength = 1000
  /// Longest wait in the line, whatever the call's own deadline: three starts of the slowest allowed kind.
  package var lineTime = Duration.seconds(30)
  /// `com.apus.start-timeout`: from launch to ready.
  package var startTimeout = Duration.seconds(10)
  /// What running calls of a replica that goes have left.
  package var drainTime = Duration.seconds(30)
  /// From SIGTERM to SIGKILL.
  package var stopTime = Duration.seconds(10)
  /// Failures in a row before the callers hear of it and the pool backs off: one may be an accident.
  package var attempts = 2
  /// Replicas in a row that die under their first calls before such a death counts as a failure, too.
  package var deathsUnderCalls = 5
  /// First back-off; each further failure doubles it.
  package var backOffFirst = Duration.seconds(1)
  package var backOffMax = Duration.seconds(300)
  /// A replica ready for so long is healthy: its end counts as no failure, and failures before it are forgotten.
  package var healthyAfter = Duration.seconds(10)
  /// How often demand is looked at while a function is awake. Parked calls do not wait for it.
  package var tickInterval = Duration.seconds(1)
  /// What a caller is told to wait when the line is full.
  package var lineRetryAfter = Duration.seconds(1)

  package init() {}
}

extension PoolLimits {
  var startTimeoutText: String { GoDuration.format(startTimeout) }
}
