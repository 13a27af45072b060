package import ApusModel

/// The desired state of one function, as `PUT /system/functions` carries it.
///
/// Properties have the names of the REST body; there `name` is the pair `service` and `namespace`.
package struct Deployment: Hashable, Sendable {
  /// Entries that any one map or list may have, so that checking a deployment takes a bounded time.
  package static let entryLimit = 1_000

  package var name: FunctionName
  /// The artefact or container image that the function is made of.
  package var image: String
  /// The program that answers, for an image that does not say so itself; becomes `fprocess`.
  package var envProcess: String?
  package var envVars: [String: String]
  package var constraints: [String]
  package var secrets: [SecretName]
  package var labels: [String: String]
  package var annotations: [String: String]
  package var limits: Resources
  package var requests: Resources
  package var readOnlyRootFilesystem: Bool

  package init(
    name: FunctionName, image: String, envProcess: String? = nil, envVars: [String: String] = [:],
    constraints: [String] = [], secrets: [SecretName] = [], labels: [String: String] = [:],
    annotations: [String: String] = [:], limits: Resources = Resources(), requests: Resources = Resources(),
    readOnlyRootFilesystem: Bool = false
  ) {
    self.name = name
    self.image = image
    self.envProcess = envProcess
    self.envVars = envVars
    self.constraints = constraints
    self.secrets = secrets
    self.labels = labels
    self.annotations = annotations
    self.limits = limits
    self.requests = requests
    self.readOnlyRootFilesystem = readOnlyRootFilesystem
  }
}
