import ApusIO

/// The cgroup of one replica, which ends and is removed with the last who holds it.
final class ReplicaGroup {
  let cgroup: Cgroup

  init(_ name: String, _ limits: ResourceLimits, in tree: CgroupTree) throws(SystemError) {
    cgroup = try Cgroup(name, limits: limits, in: tree)
  }
}
