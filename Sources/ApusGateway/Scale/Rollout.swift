/// How far the newest deployment got, for `describe`.
package enum Rollout: Hashable, Sendable {
  /// The newest generation has the traffic, or is the only one there is.
  case settled
  /// It starts beside the one that serves, or at the next call if the function sleeps.
  case progressing(generation: Int)
  /// It did not start; the generation before serves on.
  case failed(generation: Int, ReplicaExit)

  /// Why the newest generation did not start.
  var failure: ReplicaExit? {
    if case .failed(_, let exit) = self { exit } else { nil }
  }
}
