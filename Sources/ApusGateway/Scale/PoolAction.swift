/// What the shell does for a pool, after it has unlocked it, in the order in which it was decided.
///
/// That order holds across inputs too: two threads that unlock one after the other must not perform `start` after the
/// `terminate` of the same replica. So append to a queue under the pool's lock, and let one performer at a time empty
/// it. A replica or caller that left meanwhile makes its action nothing; after `kill` nothing is said to a replica.
package enum PoolAction: Hashable, Sendable {
  /// Ask the `StartGate`, launch, then report `launched` and `ready`, or `exited` if it comes to nothing.
  ///
  /// `isFirst`: the function has no other replica, so that its callers wait for this one.
  case start(ReplicaID, generation: Int, isFirst: Bool)
  /// A call waits for a replica that may still stand at the gate: let it go before further ones.
  case hasten(ReplicaID)
  /// SIGTERM; for a replica that still waits at the gate: take it out there, and report `exited`.
  case terminate(ReplicaID)
  /// SIGKILL to all that the replica is.
  case kill(ReplicaID)
  case deliver(CallTicket, LeaseGrant, waited: Duration)
  case refuse(CallTicket, Refusal)
  /// The new generation is ready and has the traffic: remember it as the one that works.
  case promoted(generation: Int)
  /// The new generation does not start; the one before keeps serving.
  case rolloutFailed(generation: Int, ReplicaExit)
}
