import ApusDeployment
package import ApusIO
package import ApusLauncher
package import ApusLogs
package import ApusModel

/// Replicas as processes of this machine: each with a listening socket that is handed over, and its own word that it is
/// ready.
///
/// All of it happens on one thread that lives as long as the gateway, because a child's death signal follows the thread
/// that started it (prctl(2), PR_SET_PDEATHSIG): when the gateway is gone, however it went, so are its replicas.
package final class ProcessProvider: Provider {
  private let loop: Loop
  private let replicas: LoopBound<Replicas>
  private let settings: Settings

  package struct Settings: Sendable {
    /// Where sockets are made: short, because a socket's path has 107 bytes, and closed to other users.
    package var socketFolder: String
    /// Finds the program of an artefact, and makes its files the user's that is given, if there is one.
    package var program: @Sendable (Generation, _ owner: Isolation.Identity?) throws -> ReplicaProgram
    package var logs: LogStore
    /// Nil to let replicas see and do all that the gateway can.
    package var isolation: IsolationSettings?
    /// The proxies in front of the gateway, as its operator wrote them.
    package var trustedProxies = ""

    package init(
      socketFolder: String,
      program: @escaping @Sendable (Generation, _ owner: Isolation.Identity?) throws -> ReplicaProgram,
      logs: LogStore, isolation: IsolationSettings?
    ) {
      self.socketFolder = socketFolder
      self.program = program
      self.logs = logs
      self.isolation = isolation
    }
  }

  /// Those that run, for the loop's thread.
  private final class Replicas {
    var running: [ReplicaKey: ReplicaProcess] = [:]
    var lastSocket: UInt64 = 0
    var ports = ReplicaPorts()
    /// Made at the first start, on the loop's thread.
    var worlds: ReplicaWorlds?

    /// A place for the next replica. A socket's path is never used again, a port not while its replica lives.
    func entrance(_ start: ReplicaPolicy.Start, in folder: String) throws -> ReplicaEntrance {
      if start == .tcp { return .port(try ports.take()) }
      lastSocket += 1
      return .socket(path: "\(folder)/\(String(lastSocket, radix: 36))")
    }

    func leave(_ entrance: ReplicaEntrance) {
      if case .port(let port) = entrance { ports.giveBack(port) }
    }
  }

  /// `loop` must run on a thread that ends with the gateway, not before.
  package init(on loop: Loop, _ settings: Settings) {
    self.loop = loop
    self.settings = settings
    replicas = LoopBound(Replicas(), to: loop)
  }

  package func launch(
    _ replica: ReplicaKey, _ generation: Generation, _ report: @escaping @Sendable (ReplicaReport) -> Void
  ) {
    let ordered = Instant.now()
    loop.execute { [self] in
      do {
        let process = try start(replica, generation)
        process.loadTime = Instant.now().since(ordered)
        replicas.value.running[replica] = process
        let bound = LoopBound(process, to: loop)
        loop.spawn { [self] in
          let exit = await bound.value.run(report)
          replicas.value.running[replica] = nil
          replicas.value.leave(bound.value.entrance)
          report(.exited(exit))
        }
      } catch {
        report(.exited(ReplicaExit(cause: "can't start: \(error)")))
      }
    }
  }

  private func start(_ replica: ReplicaKey, _ generation: Generation) throws -> ReplicaProcess {
    guard let isolation = settings.isolation else {
      let program = try settings.program(generation, nil)
      return try start(replica, generation, program, ReplicaWorld(of: program), nil, nil)
    }
    let worlds = try replicas.value.worlds ?? ReplicaWorlds(isolation, on: loop)
    replicas.value.worlds = worlds
    let identity = try worlds.identity(generation)
    let program = try settings.program(generation, worlds.owner(identity))
    var world = worlds.world(generation, program, identity)
    if let spare = try worlds.spare(for: world) {
      return try start(replica, generation, program, world, spare.group, spare)
    }
    let group = try worlds.group(replica, world)
    return try worlds.withNetwork(&world) { world in try start(replica, generation, program, world, group, nil) }
  }

  private func start(
    _ replica: ReplicaKey, _ generation: Generation, _ program: ReplicaProgram, _ world: ReplicaWorld,
    _ group: ReplicaGroup?, _ spare: SpareWorld?
  ) throws -> ReplicaProcess {
    let entrance = try replicas.value.entrance(program.start, in: settings.socketFolder)
    let variables = ReplicaEnvironment.variables(
      generation, world, entrance, trustedProxies: settings.trustedProxies)
    var plan = ChildProcess.Plan(world.path, program.arguments, environment: variables)
    plan.directory = world.folder
    plan.limits = world.limits
    plan.isolation = world.isolation
    do {
      return try ReplicaProcess(
        plan, in: group, spare, holding: program.held, entrance: entrance, outputs: outputs(of: replica), on: loop)
    } catch {
      replicas.value.leave(entrance)
      throw error
    }
  }

  private func outputs(of replica: ReplicaKey) -> [ReplicaOutput] {
    let ring = settings.logs.ring(of: replica.function)
    return [LogStream.stdout, .stderr].map { ReplicaOutput(ring, instance: "\(replica)", stream: $0) }
  }

  package func terminate(_ replica: ReplicaKey) {
    loop.execute { [self] in replicas.value.running[replica]?.terminate() }
  }

  package func kill(_ replica: ReplicaKey) {
    loop.execute { [self] in replicas.value.running[replica]?.kill() }
  }

  package func measure(
    _ functions: Set<FunctionName>, _ answer: @escaping @Sendable ([FunctionName: ReplicaUsage]) -> Void
  ) {
    loop.execute { [self] in
      var sums: [FunctionName: ReplicaUsage] = [:]
      for (key, process) in replicas.value.running where functions.contains(key.function) {
        sums[key.function, default: ReplicaUsage()] += process.measure()
      }
      answer(sums)
    }
  }
}
