package import ApusLauncher

/// What one replica sees and may use, and where in it its program lies.
package struct ReplicaWorld: Sendable {
  /// Nil if it sees all that the gateway sees.
  package var isolation: Isolation?
  /// Those of its cgroup; nil if it has none.
  package var resources: ResourceLimits?
  /// Those of each of its processes.
  package var limits: [ChildProcess.Plan.Limit] = []
  package var path: String
  package var folder: String
  package var secrets: String?

  /// The machine's, with nothing in between.
  package init(of program: ReplicaProgram) {
    path = program.path
    folder = program.folder
    secrets = program.secrets
  }
}
