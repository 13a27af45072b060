import ApusIO
import ApusLauncher
import Glibc

/// What a replica needs that can be had before it is known which one: a group, and a child that waits in a world.
final class SpareWorld {
  /// Nil where there are none. Outlives the child.
  let group: ReplicaGroup?
  private var child: PreparedChild?
  private let template: Isolation

  /// After `world`: for another replica of the same function, and of others like it.
  init?(like world: ReplicaWorld, in group: ReplicaGroup?) throws(SystemError) {
    guard let template = world.isolation?.template, (group != nil) == (world.resources != nil) else { return nil }
    self.group = group
    self.template = template
    child = try group.map { group throws(SystemError) in
      try PreparedChild(template, in: group.cgroup, deathSignal: ReplicaProcess.deathSignal)
    }
    if child == nil { return nil }
  }

  /// What the child itself may have come to use by the time that it is given its limits. It shares our memory until its
  /// program is loaded, and the kernel ends all who share it when a group is over its limit.
  private static let leastMemory = 16 << 20

  deinit {
    // Before its group, which can be removed only when it is empty.
    child = nil
  }

  /// Whether the replica in `world` can have it.
  func suits(_ world: ReplicaWorld) -> Bool {
    guard let resources = world.resources, (resources.memory ?? .max) >= SpareWorld.leastMemory else { return false }
    return world.isolation?.template == template
  }

  /// Runs `plan`'s program in it, once.
  func start(_ plan: ChildProcess.Plan) throws(SystemError) -> ChildProcess {
    guard let child = child.take() else { throw SystemError(EINVAL, "use twice the world prepared for", plan.path) }
    return try child.start(plan)
  }
}
