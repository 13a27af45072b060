/// Those who carry out what a pool decides. All calls return at once, and may come from any thread.
package protocol PoolCrew: AnyObject, Sendable {
  func start(_ function: DeployedFunction, _ replica: ReplicaID, _ generation: Generation, isFirst: Bool)
  func terminate(_ function: DeployedFunction, _ replica: ReplicaID)
  func kill(_ function: DeployedFunction, _ replica: ReplicaID)
  /// The generation has the traffic.
  func promoted(_ function: DeployedFunction, generation: Int)
  func rolloutFailed(_ function: DeployedFunction, generation: Int, _ exit: ReplicaExit)
  /// The pool's `nextWake` may have moved.
  func rearm(_ function: DeployedFunction)
}
