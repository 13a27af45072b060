package import ApusDeployment
package import ApusModel

/// One version of a function's desired state, with what its texts mean. It never changes.
///
/// A class, because each call holds it: as a value it was a copy of all its texts, and 12 KB in the frame of a call.
package final class Generation: Sendable {
  /// Tells versions apart in this process: a new secret makes one, too.
  package let number: Int
  /// As it is stored and shown: one more with each deployment that changes something.
  package let stored: Int
  package let deployment: Deployment
  package let policy: DeploymentPolicy

  package init(_ number: Int, stored: Int, _ deployment: Deployment, _ policy: DeploymentPolicy) {
    self.number = number
    self.stored = stored
    self.deployment = deployment
    self.policy = policy
  }

  package var name: FunctionName { deployment.name }
}
