package import ApusDeployment
package import ApusLauncher
import ApusModel

/// Decides what each replica sees and may use, from what its deployment asks and what this machine permits.
///
/// A pure function: folders are made, numbers given and groups opened by those who call it.
package struct ReplicaIsolation: Sendable {
  package var support: IsolationSupport
  /// Where volumes lie, as `NAMESPACE/NAME`.
  package var volumes: String
  /// The loader, its libraries and tools, for programs that are not self-contained.
  package var system: Isolation.Root
  /// What programs on the machine's network look names up in.
  package var networkFiles: Isolation.Root

  /// Inside, wherever the artefact lies outside.
  package static let home = "/home/app"
  /// Where OpenFaaS has its functions look.
  package static let secrets = "/var/openfaas/secrets"
  /// Processes and threads of one replica; an SDK function has four, a Java program a hundred.
  package static let processes = 512
  /// The same of all replicas of a function, where only users are counted.
  package static let processesOfUser = 4096

  /// `libraries`: folders of shared libraries outside of the system's, which programs that are not self-contained see.
  package init(_ support: IsolationSupport, volumes: String, libraries: [String] = []) {
    self.support = support
    self.volumes = volumes
    system = Isolation.Root()
    system.addSystemFolders()
    system.shares += libraries.map { .program($0, at: $0) }
    networkFiles = Isolation.Root()
    networkFiles.addNetworkFiles()
  }

  /// Whether functions run as users of their own, so that files made for them have to be given to them.
  package var changesUser: Bool { support.way == .root && support.permits(.identity) && support.permits(.mounts) }

  /// `identity` is the function's own, with a group for each volume.
  package func world(
    _ generation: Generation, _ program: ReplicaProgram, _ identity: Isolation.Identity
  ) -> ReplicaWorld {
    let policy = generation.policy.replica
    var wanted = Isolation(root: root(generation, program), identity: identity)
    wanted.hostName = generation.name.name
    // Programs made with the SDK are fit to be a first process; others get one.
    wanted.needsInit = !program.canBeFirst
    if policy.network == .host { wanted.layers.remove(.network) }
    // The machine's folders above the artefact are closed to the function's user; only mounts lead around them.
    if !support.permits(.mounts) { wanted.layers.remove(.identity) }
    let isolation = wanted.permitted(by: support).isolation

    var world = ReplicaWorld(of: program)
    world.isolation = isolation
    world.path = isolation.location(of: ReplicaIsolation.inside(program.path, program))
    world.folder = isolation.location(of: ReplicaIsolation.home)
    world.secrets = program.secrets.map { _ in isolation.location(of: ReplicaIsolation.secrets) }
    limit(&world, policy.limits)
    return world
  }

  private static func inside(_ path: String, _ program: ReplicaProgram) -> String {
    if program.isWatchdog { return Watchdog.place }
    guard path.hasPrefix(program.folder + "/") else { return path }
    return home + path.dropFirst(program.folder.count)
  }

  private func root(_ generation: Generation, _ program: ReplicaProgram) -> Isolation.Root {
    let policy = generation.policy.replica
    var root = program.isSelfContained ? Isolation.Root() : system
    root.isReadOnly = policy.hasReadOnlyRoot
    root.shares.append(.program(program.folder, at: ReplicaIsolation.home))
    if program.isWatchdog {
      var watchdog = Isolation.Root.Share.program(program.path, at: Watchdog.place)
      watchdog.isFile = true
      root.shares.append(watchdog)
    }
    if let secrets = program.secrets { root.shares.append(.readOnly(secrets, at: ReplicaIsolation.secrets)) }
    for volume in policy.volumes {
      root.shares.append(.volume(folder(of: volume, generation), at: volume.path))
    }
    if policy.network == .host { root.shares += networkFiles.shares }
    return root
  }

  /// The machine's folder behind a volume.
  package func folder(of volume: Volume, _ generation: Generation) -> String {
    "\(volumes)/\(generation.name.namespace)/\(volume.name)"
  }

  /// What a cgroup can keep is the cgroup's; the rest comes as near as it can.
  private func limit(_ world: inout ReplicaWorld, _ amounts: ReplicaResources) {
    var (ofGroup, ofProcess) = (ResourceLimits(), ResourceLimits())
    let memory = amounts.memoryBytes.map { Int(clamping: $0) }
    if support.controllers.contains("memory") { ofGroup.memory = memory } else { ofProcess.memory = memory }
    if support.controllers.contains("cpu") { ofGroup.processors = amounts.milliCPU.map { Double($0) / 1000 } }
    if support.controllers.contains("pids") {
      ofGroup.processes = ReplicaIsolation.processes
    } else if world.isolation?.layers.contains(.identity) == true {
      // An ordinary user's count would be all that this user runs on the machine.
      ofProcess.processes = ReplicaIsolation.processesOfUser
    }
    if support.permits(.resources) { world.resources = ofGroup }
    // A core file would hold the function's secrets, and lie wherever the machine puts such files.
    world.limits = ofProcess.ofEachProcess + [.coreSize(0)]
  }
}
