import Synchronization

/// Starts each function once when it is deployed, so that whoever deployed it learns whether it starts and finds it
/// ready; few are kept awake by that.
final class Trials: Sendable {
  /// In the order of their deployment.
  private let awake = Mutex<[DeployedFunction]>([])

  func begin(_ function: DeployedFunction) {
    let oldest = awake.withLock { awake -> DeployedFunction? in
      awake.removeAll { $0 === function }
      awake.append(function)
      return awake.count > GatewayLimits.trials ? awake.removeFirst() : nil
    }
    function.tryOut()
    oldest?.endTrial()
  }
}
