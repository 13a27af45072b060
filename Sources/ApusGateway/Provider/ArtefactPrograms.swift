package import ApusArtefacts
package import ApusDeployment
package import ApusLauncher
import ApusModel
package import ApusStore
import Glibc

/// Finds what a deployment executes, and lays out its secrets for one replica.
package struct ArtefactPrograms: Sendable {
  private let artefacts: ArtefactStore
  private let secrets: SecretStore
  /// Where secrets are laid out: in memory, closed to other users.
  private let folder: String
  private let watchdog: Watchdog

  package init(
    _ artefacts: ArtefactStore, _ secrets: SecretStore, folder: String, watchdog: Watchdog = .besideUs()
  ) {
    self.artefacts = artefacts
    self.secrets = secrets
    self.folder = folder
    self.watchdog = watchdog
  }

  /// Refuses what could not be started: an artefact, a program or a secret that is not there.
  package func check(_ deployment: Deployment) throws(APIError) {
    let policy: DeploymentPolicy
    do throws(DeploymentError) {
      policy = try DeploymentPolicy(deployment)
    } catch {
      throw APIError(error)
    }
    _ = try program(deployment, policy.replica.start, try artefact(of: deployment))
    let namespace = deployment.name.namespace
    for name in deployment.secrets {
      do throws(StoreError) {
        if try secrets.get(name, namespace: namespace) != nil { continue }
      } catch {
        throw APIError(error)
      }
      throw APIError(
        status: 400, "no-secret",
        "there is no secret \(name) in \(namespace): create it first (apus secret create \(name))")
    }
  }

  /// The hash of what its image stands for now; nil if nothing is stored under that name.
  package func content(of deployment: Deployment) -> String? {
    (try? artefact(of: deployment))?.sha256.hex
  }

  private func artefact(of deployment: Deployment) throws(APIError) -> ArtefactFolder {
    do {
      return try artefacts.resolve(try ArtefactName(image: deployment.image, namespace: deployment.name.namespace))
    } catch ArtefactError.notFound(let name) {
      throw APIError(status: 400, "no-artefact", Self.absence(of: name))
    } catch {
      throw APIError(status: 400, "no-artefact", "\(error)")
    }
  }

  /// Every namespace has artefacts of its own, so the place is said in full.
  private static func absence(of name: ArtefactName) -> String {
    "\(ArtefactError.notFound(name)) into the namespace \(name.namespace), or pack the program, named handler, and send"
      + " it: tar -cf \(name.name).tar handler && curl -u USER:PASSWORD -T \(name.name).tar"
      + " 'GATEWAY/system/artefacts/\(name.name)?namespace=\(name.namespace)&tag=\(name.tag)'"
  }

  /// What one replica of `generation` executes; its secrets are `owner`'s, or ours without one. Blocks for as long as
  /// they take to be opened.
  package func program(_ generation: Generation, owner: Isolation.Identity?) throws -> ReplicaProgram {
    let deployment = generation.deployment
    var program = try program(deployment, generation.policy.replica.start, try artefact(of: deployment))
    if !deployment.secrets.isEmpty {
      let delivered = try DeliveredSecrets(
        deployment.secrets, namespace: deployment.name.namespace, from: secrets, below: folder)
      if let owner { try delivered.give(to: owner) }
      program.secrets = delivered.path
      program.held.append(delivered)
    }
    return program
  }

  /// A handler answers HTTP by itself; what `envProcess` names does if the deployment says how, else the watchdog does
  /// it for it.
  private func program(
    _ deployment: Deployment, _ start: ReplicaPolicy.Start?, _ artefact: ArtefactFolder
  ) throws(APIError) -> ReplicaProgram {
    if artefact.hasHandler { return Self.program(ProgramCommand(handlerOf: artefact), start, artefact) }
    // The watchdog itself has the files.
    if deployment.isStaticSite, start == nil { return try self.watchdog(for: watchdog.path, artefact) }
    guard let process = deployment.envProcess, !process.isEmpty else {
      throw APIError(
        status: 400, "no-handler",
        "the artefact \(artefact.name) has no program named handler, and envProcess names none: put one into its folder"
          + " and deploy it again; or set mode: static in its environment to have its folder public served")
    }
    let command = try ProgramCommand(process, in: artefact)
    if start != nil { return Self.program(command, start, artefact) }
    return try self.watchdog(for: command.path, artefact)
  }

  /// The watchdog, which starts `path`, or answers by itself. What either of them needs, the replica has to have.
  private func watchdog(for path: String, _ artefact: ArtefactFolder) throws(APIError) -> ReplicaProgram {
    guard watchdog.isInstalled else { throw watchdog.absence }
    var program = ReplicaProgram(watchdog.path, folder: artefact.path, held: [artefact])
    program.isSelfContained = [path, watchdog.path].allSatisfy { ProgramForm(ofFileAt: $0) == .selfContained }
    program.canBeFirst = true
    program.isWatchdog = true
    return program
  }

  private static func program(
    _ command: ProgramCommand, _ start: ReplicaPolicy.Start?, _ artefact: ArtefactFolder
  ) -> ReplicaProgram {
    var program = ReplicaProgram(command.path, command.arguments, folder: artefact.path, held: [artefact])
    program.start = start ?? .socket
    program.isSelfContained = ProgramForm(ofFileAt: program.path) == .selfContained
    program.canBeFirst = ProgramMark.isIn(fileAt: program.path)
    return program
  }
}
