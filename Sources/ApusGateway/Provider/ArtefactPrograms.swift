package import ApusArtefacts
package import ApusDeployment
package import ApusIO
import ApusModel
package import ApusStore
import Glibc

/// Finds what a deployment executes, and lays out its secrets for one replica.
package struct ArtefactPrograms: Sendable {
  private let artefacts: ArtefactStore
  private let secrets: SecretStore
  /// Where secrets are laid out: in memory, closed to other users.
  private let folder: String

  package init(_ artefacts: ArtefactStore, _ secrets: SecretStore, folder: String) {
    self.artefacts = artefacts
    self.secrets = secrets
    self.folder = folder
  }

  /// Refuses what could not be started: an artefact or a secret that is not there.
  package func check(_ deployment: Deployment) throws(APIError) {
    _ = try artefact(of: deployment)
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
    } catch {
      throw APIError(status: 400, "no-artefact", "\(error)")
    }
  }

  /// What one replica of `generation` executes; its secrets are `owner`'s, or ours without one. Blocks for as long as
  /// they take to be opened.
  package func program(_ generation: Generation, owner: Isolation.Identity?) throws -> ReplicaProgram {
    let deployment = generation.deployment
    let artefact = try artefact(of: deployment)
    guard artefact.hasHandler else {
      throw APIError(
        status: 400, "no-handler",
        "the artefact \(artefact.name) has no program named handler: put one into its folder and deploy it again")
    }
    var program = ReplicaProgram("\(artefact.path)/handler", folder: artefact.path, held: [artefact])
    program.isSelfContained = ProgramForm(ofFileAt: program.path) == .selfContained
    if !deployment.secrets.isEmpty {
      let delivered = try DeliveredSecrets(
        deployment.secrets, namespace: deployment.name.namespace, from: secrets, below: folder)
      if let owner { try delivered.give(to: owner) }
      program.secrets = delivered.path
      program.held.append(delivered)
    }
    return program
  }
}
