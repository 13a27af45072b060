package import ApusDeployment
package import ApusModel

/// One version of a function's desired state, with what its texts mean. It never changes.
package struct Generation: Sendable {
  package let number: Int
  package let deployment: Deployment
  package let policy: DeploymentPolicy

  package init(_ number: Int, _ deployment: Deployment, _ policy: DeploymentPolicy) {
    self.number = number
    self.deployment = deployment
    self.policy = policy
  }

  package var name: FunctionName { deployment.name }
}
