import ApusIO
import CLinux
import Glibc

extension IsolationSupport {
  /// Tries each layer on a child that ends without having become a program: a dozen of them, some milliseconds.
  ///
  /// Controllers of cgroup version 2 count once `tree` is prepared.
  package static func probe(cgroups tree: CgroupTree? = .find()) -> IsolationSupport {
    let way = way()
    var support = IsolationSupport(way: way)
    let basis: Set<Isolation.Layer> = way == .userNamespaces ? [.users] : []
    support.probeNamespaces(basis)
    support.probeRights(basis)
    support.landlockVersion = Int(apus_landlock_version())
    if support.landlockVersion == 0 { support.refusals[.paths] = "paths: this kernel has no Landlock" }
    support.controllers = tree?.usableControllers() ?? []
    if support.controllers.isDisjoint(with: ["memory", "pids", "cpu"]) {
      support.refusals[.resources] = "memory: per process, not per replica"
    }
    return support
  }

  private static func way() -> Way {
    // Processes are parted most widely: containers forbid mounts and allow these.
    if rehearse([.processes]) == nil { return .root }
    return rehearse([.users]) == nil ? .userNamespaces : .none
  }

  private mutating func probeNamespaces(_ basis: Set<Isolation.Layer>) {
    switch way {
    case .root: refusals[.users] = "user namespace: root needs none"
    case .userNamespaces: break
    case .none: refusals[.users] = "user namespace: \(IsolationSupport.rehearse([.users])?.reason ?? "not permitted")"
    }
    for (layer, title) in [
      (Isolation.Layer.processes, "processes"), (.ipc, "ipc"), (.hostName, "host name"), (.network, "network"),
    ] {
      if let error = IsolationSupport.rehearse(basis.union([layer])) {
        refusals[layer] = "\(title): the machine's (\(error.reason))"
      }
    }
    // A /proc of one's own shows the processes of one's own namespace.
    if let error = IsolationSupport.rehearse(basis.union([.mounts, .processes])) {
      refusals[.mounts] = "files: the machine's (\(error.reason))"
    }
  }

  private mutating func probeRights(_ basis: Set<Isolation.Layer>) {
    if way == .userNamespaces || IsolationSupport.rehearse([.identity]) != nil {
      refusals[.identity] = "uids: one, separation by mounts only"
    }
    if let error = IsolationSupport.rehearse(basis.union([.capabilities])) {
      // An ordinary user has none, and `privileges` keeps it so.
      refusals[.capabilities] = "capabilities: those of this user (\(error.reason))"
    }
    if let error = IsolationSupport.rehearse([.privileges]) {
      refusals[.privileges] = "privileges: can be gained (\(error.reason))"
    }
    if apus_filter_length() == 0 {
      refusals[.systemCalls] = "system calls: no filter for this processor"
    } else if let error = IsolationSupport.rehearse([.privileges, .systemCalls]) {
      refusals[.systemCalls] = "system calls: not filtered (\(error.reason))"
    }
  }

  /// What a child with these layers stumbles over; nil if nothing.
  static func rehearse(_ layers: Set<Isolation.Layer>) -> SystemError? {
    var plan = ChildProcess.Plan("/")
    // Root of a container may become nobody, and yet none of those that functions are.
    plan.isolation = Isolation(layers: layers, identity: .last)
    let (result, error) = plan.withNative { native in
      var native = native.pointee
      native.path = nil
      let result = apus_spawn(&native)
      return (result, result.error == 0 ? nil : plan.failure(result))
    }
    if error == nil { ChildProcess.discard(pidfd: result.pidfd) }
    return error
  }
}

extension SystemError {
  /// The kernel's word for it, in a line with others.
  fileprivate var reason: String {
    "could not \(operation)\(subject == "/" ? " it" : " \(subject)"): \(SystemError.text(code))"
  }
}
