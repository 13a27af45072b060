package import ApusIO
import CLinux
import Glibc

/// A child that stands ready in a world of its own, made before it is known which program it will run.
///
/// Until then it runs none but our own code, as root, and sees what we see; its program gets what any other gets. It
/// ends with this value, and with the thread that made it.
package struct PreparedChild: ~Copyable {
  /// What it was made for; see `Isolation.template`.
  package let template: Isolation
  private let deathSignal: CInt
  /// Read by the child whenever it gets to it.
  private let memory: Lent
  private var child: OpaquePointer?

  private final class Lent {
    var native = NativeMemory()
  }

  /// Root only, and Linux 5.12 or later; `cgroup` must live as long as the child.
  package init(
    _ template: Isolation, in cgroup: borrowing Cgroup, deathSignal: CInt
  ) throws(SystemError) {
    try self.init(template, cgroup.entry, deathSignal)
  }

  package init(_ template: Isolation, deathSignal: CInt) throws(SystemError) {
    try self.init(template, nil, deathSignal)
  }

  private init(_ template: Isolation, _ entry: Cgroup.Entry?, _ deathSignal: CInt) throws(SystemError) {
    let memory = Lent()
    var plan = apus_spawn_plan()
    plan.own_process_group = true
    plan.death_signal = deathSignal
    plan.isolation = UnsafePointer(memory.native.array([template.nativeTemplate(in: entry, &memory.native)]))
    guard let child = apus_prepare(memory.native.array([plan])) else {
      throw SystemError(errno, "prepare a child", advice: "IsolationSupport.probe says what is permitted")
    }
    self.template = template
    self.deathSignal = deathSignal
    self.memory = memory
    self.child = child
  }

  deinit {
    if let child { apus_discard_prepared(child) }
  }

  /// Runs the program of `plan`, which asks for nothing that the child was not made for. The calling thread waits until
  /// it is loaded. Where that fails, the same can be had without preparation, or the reason why not.
  package consuming func start(_ plan: borrowing ChildProcess.Plan) throws(SystemError) -> ChildProcess {
    try plan.check()
    guard let isolation = plan.isolation, isolation.template == template, plan.deathSignal == deathSignal,
      plan.ownProcessGroup, let waiting = child
    else { throw SystemError(EINVAL, "use a prepared child for", plan.path) }
    var trees = MountTrees()
    let own = isolation.parts.own
    for case .bind(let source, _, let attributes) in own { try trees.open(source, attributes) }
    child = nil
    var result = plan.withNative { native, memory in
      var native = native
      native.isolation = UnsafePointer(memory.array([isolation.nativeProgram(trees, &memory)]))
      return apus_start_prepared(waiting, &native)
    }
    if result.error == 0 { return ChildProcess(pid: result.pid, pidfd: result.pidfd, ownsGroup: true) }
    // Its place in the whole list, where the first of ours may be the root's change of owner.
    if result.step == APUS_STEP_ROOT {
      result.detail += max(0, isolation.parts.base.count - (isolation.root.isReadOnly ? 0 : 1))
    }
    throw plan.failure(result)
  }
}

/// Parts of the machine's files as mounts that belong to nobody yet; those that nobody took go with the value.
struct MountTrees: ~Copyable {
  private(set) var descriptors: [CInt] = []

  mutating func open(_ path: String, _ attributes: Isolation.Attributes) throws(SystemError) {
    let tree = apus_open_tree(path, attributes.rawValue)
    guard tree >= 0 else { throw SystemError(errno, "share", path) }
    descriptors.append(tree)
  }

  deinit {
    for descriptor in descriptors { close(descriptor) }
  }
}
