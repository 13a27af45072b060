package import ApusModel

/// Those who want to know what becomes of replicas: metrics, logs, the lines of `apus up`.
package protocol ReplicaEvents: Sendable {
  /// `loadTime`: the part of `time` until its program was loaded.
  func ready(_ replica: ReplicaKey, _ generation: Generation, after time: Duration, loadTime: Duration)
  func exited(_ replica: ReplicaKey, _ exit: ReplicaExit)
  func promoted(_ function: FunctionName, generation: Int)
  func rolloutFailed(_ function: FunctionName, generation: Int, _ exit: ReplicaExit)
}
