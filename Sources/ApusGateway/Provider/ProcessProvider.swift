package import ApusIO
package import ApusLogs
import ApusModel

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
    /// Finds the program of an artefact.
    package var program: @Sendable (Generation) throws -> ReplicaProgram
    package var logs: LogStore

    package init(
      socketFolder: String, program: @escaping @Sendable (Generation) throws -> ReplicaProgram,
      logs: LogStore
    ) {
      self.socketFolder = socketFolder
      self.program = program
      self.logs = logs
    }
  }

  /// Those that run, for the loop's thread.
  private final class Replicas {
    var running: [ReplicaKey: ReplicaProcess] = [:]
    var lastSocket: UInt64 = 0

    /// A path for the next socket, never used again.
    func socketPath(in folder: String) -> String {
      lastSocket += 1
      return "\(folder)/\(String(lastSocket, radix: 36))"
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
    loop.execute { [self] in
      do {
        let program = try settings.program(generation)
        let process = try ReplicaProcess(
          ReplicaEnvironment.variables(generation, program), program,
          socketPath: replicas.value.socketPath(in: settings.socketFolder), outputs: outputs(of: replica), on: loop)
        replicas.value.running[replica] = process
        let bound = LoopBound(process, to: loop)
        loop.spawn { [self] in
          let exit = await bound.value.run(report)
          replicas.value.running[replica] = nil
          report(.exited(exit))
        }
      } catch {
        report(.exited(ReplicaExit(cause: "can't start: \(error)")))
      }
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
}
