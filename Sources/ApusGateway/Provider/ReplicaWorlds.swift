import ApusDeployment
import ApusIO
import ApusLauncher
import ApusModel
import Glibc

/// Makes what `ReplicaIsolation` decides: users, volumes, groups, networks. It belongs to the provider's loop.
final class ReplicaWorlds {
  private let isolation: ReplicaIsolation
  private let cgroups: CgroupTree?
  private let loop: Loop
  private var numbers: ReplicaNumbers
  private var lastGroup: UInt64 = 0
  /// For the next replica that is like the last one.
  private var spareWorld: SpareWorld?
  /// Set while a start was not followed by a `refill`.
  private var refillTimer: Timer?
  /// Like which the spares are to be.
  private var last: ReplicaWorld?
  /// Our descriptor of a network for the next replica, because making one takes longer than all else together.
  private var spareNetwork: CInt = -1

  /// Until the last start is over: making a network keeps the thread from hearing that a replica is ready.
  private static let refillDelay: Duration = .milliseconds(20)

  /// On the thread of `loop`, which gives up capabilities that no child of it shall have.
  init(_ settings: IsolationSettings, on loop: Loop) throws(SystemError) {
    isolation = settings.isolation
    cgroups = settings.cgroups
    self.loop = loop
    numbers = try ReplicaNumbers(file: settings.numbersFile)
    if isolation.support.way == .root, isolation.support.permits(.capabilities) {
      // Each start would do it for itself.
      try? Isolation.forgoCapabilities()
    }
  }

  deinit {
    if spareNetwork >= 0 { close(spareNetwork) }
  }

  /// The user that replicas of a function run as, with a group for each volume, whose folders are made.
  func identity(_ generation: Generation) throws(SystemError) -> Isolation.Identity {
    // What it writes elsewhere goes with its replica.
    let ownsFiles = !generation.policy.replica.volumes.isEmpty
    let user = try numbers.number(of: "function \(generation.name.qualified)", ownsFiles: ownsFiles)
    var identity = Isolation.Identity(user: user, group: user)
    for volume in generation.policy.replica.volumes {
      let group = try numbers.number(of: "volume \(generation.name.namespace)/\(volume.name)", ownsFiles: true)
      try makeFolder(isolation.folder(of: volume, generation), group: group)
      identity.groups.append(group)
    }
    return identity
  }

  /// Who is to own the files that are made for the function; nil if that is us.
  func owner(_ identity: Isolation.Identity) -> Isolation.Identity? { isolation.changesUser ? identity : nil }

  private func makeFolder(_ path: String, group: UInt32) throws(SystemError) {
    let parents = [isolation.volumes, String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])]
    for parent in parents where mkdir(parent, 0o700) != 0 && errno != EEXIST {
      throw SystemError(errno, "make the folder of volumes", parent)
    }
    if mkdir(path, 0o700) != 0 {
      guard errno == EEXIST else { throw SystemError(errno, "make the volume", path) }
      // Something was put into it, or restored, before any function had it.
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & 0o7777 == VolumeStore.unclaimedMode else { return }
    }
    do throws(SystemError) {
      // What is made in it is the volume's group's, so that all its functions may have it.
      try VolumeClaim.claim(path, group: isolation.changesUser ? group : nil)
    } catch {
      rmdir(path)
      throw error
    }
  }

  func world(
    _ generation: Generation, _ program: ReplicaProgram, _ identity: Isolation.Identity
  ) -> ReplicaWorld {
    isolation.world(generation, program, identity)
  }

  /// The group of a replica; nil where there are none.
  func group(_ replica: ReplicaKey, _ world: ReplicaWorld) throws(SystemError) -> ReplicaGroup? {
    guard let cgroups, let limits = world.resources else { return nil }
    // A number of our own, since what a killed replica left goes a moment later than the replica.
    lastGroup += 1
    return try ReplicaGroup("\(lastGroup)-\(replica)", limits, in: cgroups)
  }

  // MARK: - Ahead

  /// A world that was made ahead and suits; with the limits that `world` has. Nil if there is none.
  func spare(for world: ReplicaWorld) throws(SystemError) -> SpareWorld? {
    guard let spare = spareWorld, spare.suits(world), let limits = world.resources else { return nil }
    spareWorld = nil
    refill(like: world)
    try spare.group?.limit(to: limits)
    return spare
  }

  /// Lends a network that was made ahead for the length of `body`, if `world` is to have one.
  func withNetwork<Value>(_ world: inout ReplicaWorld, _ body: (ReplicaWorld) throws -> Value) rethrows -> Value {
    let isWanted = isolation.support.way == .root && world.isolation?.layers.contains(.network) == true
    guard isWanted else { return try body(world) }
    let network = spareNetwork
    spareNetwork = -1
    world.isolation?.network = network >= 0 ? network : nil
    defer {
      world.isolation?.network = nil
      if network >= 0 { close(network) }
      refill(like: world)
    }
    return try body(world)
  }

  /// In a while: one timer for all starts that come meanwhile.
  private func refill(like world: ReplicaWorld) {
    last = world
    let timer = refillTimer ?? Timer { [weak self] in self?.makeSpares() }
    refillTimer = timer
    loop.set(timer, to: .now() + ReplicaWorlds.refillDelay)
  }

  /// What can't be had now is made, or refused, with the next start.
  private func makeSpares() {
    guard let last, spareWorld == nil || spareWorld?.suits(last) == false else { return }
    spareWorld = nil
    if let spare = try? spareWorld(like: last) {
      spareWorld = spare
    } else if spareNetwork < 0, let made = try? Isolation.makeNetwork() {
      spareNetwork = made.release()
    }
  }

  private func spareWorld(like world: ReplicaWorld) throws(SystemError) -> SpareWorld? {
    guard world.isolation?.template != nil, let cgroups, world.resources != nil else { return nil }
    lastGroup += 1
    // What every replica has; the rest comes with the one that takes it.
    let limits = ResourceLimits(processes: world.resources?.processes)
    return try SpareWorld(like: world, in: try ReplicaGroup("\(lastGroup)-ahead", limits, in: cgroups))
  }
}
