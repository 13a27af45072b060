package import ApusDeployment

/// What a replica executes.
package struct ReplicaProgram: Sendable {
  package var path: String
  package var arguments: [String]
  /// The artefact's folder, which is the program's world.
  package var folder: String
  /// How calls reach it.
  package var start = ReplicaPolicy.Start.socket
  /// It needs no file but its own, nor does what it starts.
  package var isSelfContained = false
  /// It traps SIGTERM and ends in order, so that it can be a namespace's first process, as the SDK's programs are.
  package var canBeFirst = false
  /// It is the watchdog, which lies outside of the folder.
  package var isWatchdog = false
  /// Where its secrets lie as files; nil if it has none.
  package var secrets: String?
  /// What must live as long as the replica: the claim on its artefact, the secrets' folder.
  package var held: [any Sendable]

  package init(
    _ path: String, _ arguments: [String] = [], folder: String, secrets: String? = nil, held: [any Sendable] = []
  ) {
    self.path = path
    self.arguments = arguments
    self.folder = folder
    self.secrets = secrets
    self.held = held
  }
}
