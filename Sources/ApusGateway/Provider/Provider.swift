package import ApusIO
package import ApusModel

/// Where replicas come from.
///
/// A replica that was launched reports `ready` at most once, and then or without it `exited` exactly once, from
/// whichever thread. All calls return at once.
package protocol Provider: Sendable {
  func launch(_ replica: ReplicaKey, _ generation: Generation, _ report: @escaping @Sendable (ReplicaReport) -> Void)
  /// Asks it to end in order.
  func terminate(_ replica: ReplicaKey)
  /// Ends all that it is.
  func kill(_ replica: ReplicaKey)
  /// What the replicas of each of these functions use now, together; `answer` is called once, from whichever thread.
  func measure(
    _ functions: Set<FunctionName>, _ answer: @escaping @Sendable ([FunctionName: ReplicaUsage]) -> Void)
}

/// What a provider has to say of a replica.
package enum ReplicaReport: Sendable {
  /// It takes calls at this address. `loadTime`: from the order until its program was loaded.
  case ready(SocketAddress, loadTime: Duration)
  case exited(ReplicaExit)
}
