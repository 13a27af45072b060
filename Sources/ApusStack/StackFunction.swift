package import ApusDeployment
package import ApusModel

/// One function of a stack: how it is built, and what is deployed.
package struct StackFunction: Hashable, Sendable {
  /// How the image comes to be; paths are as written, from the stack's folder.
  package struct Build: Hashable, Sendable {
    /// `swift` is built here, `program` is ready in the handler's folder, `dockerfile` is a Dockerfile there; else the
    /// template's name.
    package var language: String?
    package var handler: String?
    package var isSkipped = false
    /// Names of packages that the template knows.
    package var options: [String] = []
    package var arguments: [String: String] = [:]
    /// Paths by the id under which a build sees them.
    package var secrets: [String: String] = [:]
    /// Comma-separated, as `docker build --platform` takes it.
    package var platforms: String?
  }

  /// Of its key.
  package let place: Place
  package let build: Build
  package let deployment: Deployment
  package let policy: DeploymentPolicy

  package var name: FunctionName { deployment.name }
}
