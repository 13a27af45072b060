import ApusIO
import ApusLauncher

/// The cgroup of one replica, which ends and is removed with the last who holds it.
final class ReplicaGroup {
  private(set) var cgroup: Cgroup

  init(_ name: String, _ limits: ResourceLimits, in tree: CgroupTree) throws(SystemError) {
    cgroup = try Cgroup(name, limits: limits, in: tree)
  }

  /// For one that was made before its replica was known.
  func limit(to limits: ResourceLimits) throws(SystemError) {
    try cgroup.limit(to: limits)
  }
}
