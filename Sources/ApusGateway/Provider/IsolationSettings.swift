package import ApusLauncher

/// How a provider isolates its replicas.
package struct IsolationSettings: Sendable {
  package var isolation: ReplicaIsolation
  /// Keeps the users of functions and the groups of volumes.
  package var numbersFile: String
  /// Prepared; nil if no group can be made here.
  package var cgroups: CgroupTree?

  package init(_ isolation: ReplicaIsolation, numbersFile: String, cgroups: CgroupTree?) {
    self.isolation = isolation
    self.numbersFile = numbersFile
    self.cgroups = cgroups
  }
}
