package import ApusModel

/// How a replica of a function is started, and what it is given.
package struct ReplicaPolicy: Hashable, Sendable {
  /// How calls reach a replica.
  package enum Start: Hashable, Sendable {
    /// Through a listening socket that is handed over.
    case socket
    /// Through a loopback port that the program opens by itself.
    case tcp
  }

  package enum Network: Hashable, Sendable {
    /// A network of its own, with nothing but `lo`; annotation `none`.
    case isolated
    case host
  }

  /// Nil leaves it to what the artefact is made of.
  package var start: Start?
  /// Until a replica says that it is ready.
  package var startTimeout: Duration
  package var network: Network
  /// In the order of their names; none lies in another.
  package var volumes: [Volume]
  /// A secret that `apus up` makes if it is missing.
  package var generatedSecret: SecretName?
  package var limits: ReplicaResources
  package var requests: ReplicaResources
  package var hasReadOnlyRoot: Bool

  package init(
    start: Start? = nil, startTimeout: Duration = .seconds(10), network: Network = .isolated, volumes: [Volume] = [],
    generatedSecret: SecretName? = nil, limits: ReplicaResources = ReplicaResources(),
    requests: ReplicaResources = ReplicaResources(), hasReadOnlyRoot: Bool = false
  ) {
    self.start = start
    self.startTimeout = startTimeout
    self.network = network
    self.volumes = volumes
    self.generatedSecret = generatedSecret
    self.limits = limits
    self.requests = requests
    self.hasReadOnlyRoot = hasReadOnlyRoot
  }
}
