package import ApusModel

/// Those who carry out what a pool decides. All calls return at once, and may come from any thread.
package protocol PoolCrew: AnyObject, Sendable {
  func start(_ function: DeployedFunction, _ replica: ReplicaID, _ generation: Generation, isFirst: Bool)
  func hasten(_ function: DeployedFunction, _ replica: ReplicaID)
  func terminate(_ function: DeployedFunction, _ replica: ReplicaID)
  func kill(_ function: DeployedFunction, _ replica: ReplicaID)
  /// The generation has the traffic.
  func promoted(_ function: DeployedFunction, generation: Int)
  func rolloutFailed(_ function: DeployedFunction, generation: Int, _ exit: ReplicaExit)
  /// Reads how much processor time the function takes, and tells it.
  func sample(_ function: DeployedFunction)
  /// What the replicas of these functions use now; none for those that sleep.
  func usage(of functions: Set<FunctionName>) async -> [FunctionName: ReplicaUsage]
  /// The pool's `nextWake` may have moved.
  func rearm(_ function: DeployedFunction)
}
