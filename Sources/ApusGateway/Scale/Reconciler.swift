package import ApusIO
package import ApusModel
import Synchronization

/// Carries out what the pools decide: launches replicas through the gate, passes on what becomes of them, wakes pools.
package final class Reconciler: PoolCrew {
  private let provider: any Provider
  private let gate: Mutex<StartGate<GatedStart>>
  private let alarms: PoolAlarms
  private let events: any ReplicaEvents

  /// A launch that the gate holds or has let through.
  private struct GatedStart: Hashable, Sendable {
    let function: DeployedFunction
    let replica: ReplicaID
    let generation: Generation

    static func == (left: GatedStart, right: GatedStart) -> Bool {
      left.function === right.function && left.replica == right.replica
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(ObjectIdentifier(function))
      hasher.combine(replica)
    }
  }

  /// `loop`: whose timers wake the pools. `startsAtOnce`: more than processors only slow each other down.
  package init(_ provider: any Provider, on loop: Loop, startsAtOnce: Int, events: any ReplicaEvents) {
    self.provider = provider
    self.events = events
    gate = Mutex(StartGate(limit: startsAtOnce))
    alarms = PoolAlarms(on: loop)
  }

  // MARK: - Starting

  package func start(_ function: DeployedFunction, _ replica: ReplicaID, _ generation: Generation, isFirst: Bool) {
    let start = GatedStart(function: function, replica: replica, generation: generation)
    if gate.withLock({ $0.request(start, isFirst: isFirst) }) { begin(start) }
  }

  private func begin(_ start: GatedStart) {
    let began = Instant.now()
    start.function.launched(start.replica)
    let key = ReplicaKey(start.function.name, start.replica)
    provider.launch(key, start.generation) { [self] report in
      switch report {
      case .ready(let address, let loadTime):
        let time = Instant.now().since(began)
        start.function.ready(start.replica, address)
        events.ready(key, start.generation, after: time, loadTime: loadTime)
      case .exited(var exit):
        if !exit.isOrderly { exit.reference = Self.newReference() }
        start.function.exited(start.replica, exit)
        events.exited(key, exit)
      }
      finished(start)
    }
  }

  /// Nobody can guess one, so that it tells nothing of how many there are.
  private static func newReference() -> String {
    // The system's generator: getrandom(2).
    let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  private func finished(_ start: GatedStart) {
    if let next = gate.withLock({ $0.finished(start) }) { begin(next) }
  }

  package func hasten(_ function: DeployedFunction, _ replica: ReplicaID) {
    guard let generation = function.generation else { return }
    gate.withLock { $0.hasten(GatedStart(function: function, replica: replica, generation: generation)) }
  }

  // MARK: - Ending

  package func terminate(_ function: DeployedFunction, _ replica: ReplicaID) {
    guard !withdraw(function, replica) else { return }
    provider.terminate(ReplicaKey(function.name, replica))
  }

  package func kill(_ function: DeployedFunction, _ replica: ReplicaID) {
    guard !withdraw(function, replica) else { return }
    provider.kill(ReplicaKey(function.name, replica))
  }

  /// True if it had not begun: then it never will, and that is its end.
  private func withdraw(_ function: DeployedFunction, _ replica: ReplicaID) -> Bool {
    guard let generation = function.generation else { return false }
    let start = GatedStart(function: function, replica: replica, generation: generation)
    guard gate.withLock({ $0.withdraw(start) }) else { return false }
    function.exited(replica, ReplicaExit(cause: "not needed any more"))
    return true
  }

  // MARK: - What they use

  package func sample(_ function: DeployedFunction) {
    provider.measure([function.name]) { usages in
      function.sampled(usages[function.name] ?? ReplicaUsage())
    }
  }

  package func usage(of functions: Set<FunctionName>) async -> [FunctionName: ReplicaUsage] {
    await withUnsafeContinuation { continuation in
      provider.measure(functions) { continuation.resume(returning: $0) }
    }
  }

  // MARK: - Telling

  package func promoted(_ function: DeployedFunction, generation: Int) {
    events.promoted(function.name, generation: generation)
  }

  package func rolloutFailed(_ function: DeployedFunction, generation: Int, _ exit: ReplicaExit) {
    events.rolloutFailed(function.name, generation: generation, exit)
  }

  package func rearm(_ function: DeployedFunction) {
    alarms.rearm(function)
  }
}
