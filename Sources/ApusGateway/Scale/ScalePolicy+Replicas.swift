package import ApusIO
package import ApusModel

extension ScalePolicy {
  /// Fewest replicas of a function that nobody calls.
  package var floor: Int { Swift.max(0, scalesToZero ? min : Swift.max(min, 1)) }

  /// Most replicas; at least one, or a call could wait for ever.
  package var ceiling: Int { Swift.max(1, max, floor) }

  package func bounded(_ count: Int) -> Int { Swift.min(Swift.max(count, floor), ceiling) }

  /// Why so many replicas, asked for by hand, are not had, or not for long; nil if they are.
  func objection(to count: Int) -> String? {
    if count > ceiling {
      return "com.openfaas.scale.max allows \(ceiling): deploy the function with a higher one to have more"
    }
    guard count < floor else { return nil }
    return "\(floor) come back within a second, as com.openfaas.scale.min and com.openfaas.scale.zero say"
  }

  /// Replicas that the present calls need at once, without room to spare: what a parked call may start.
  package func leastReplicas(for demand: Demand) -> Int {
    guard demand.calls > 0 else { return floor }
    let room = maxInflight.map(Double.init) ?? (type == .capacity ? target : .infinity)
    return bounded(Swift.max(1, Self.quotient(Double(demand.calls), room)))
  }

  /// ceil(load / (target × proportion)), never less than the present calls need: no history, no time.
  package func replicas(for demand: Demand) -> Int {
    bounded(Swift.max(leastReplicas(for: demand), Self.quotient(load(of: demand), target * targetProportion)))
  }

  /// In the unit of `type`.
  func load(of demand: Demand) -> Double {
    switch type {
    case .capacity: Double(demand.calls)
    case .rps: demand.callsPerSecond
    case .cpu: demand.milliCPU
    }
  }

  /// Whether the function may sleep: nothing is there, and nothing was for the whole of `zeroDuration`.
  package func sleeps(_ demand: Demand, now: Instant) -> Bool {
    guard floor == 0, demand.calls == 0 else { return false }
    return demand.lastCall.map { now.since($0) >= zeroDuration } ?? true
  }

  /// Rounded up, but not for what only binary fractions add: 70 / (100 × 0.7) is 1. Nonsense (0, NaN) is no load.
  private static func quotient(_ load: Double, _ perReplica: Double) -> Int {
    guard load > 0, perReplica > 0 else { return 0 }
    return Int(exactly: Swift.min((load / perReplica - 1e-9).rounded(.up), 1e9)) ?? 0
  }
}
