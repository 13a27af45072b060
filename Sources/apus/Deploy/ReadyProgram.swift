import ApusArtefacts
import ApusDeployment
import ApusModel
import ApusStack
import Glibc

/// What a function is made of, as it lies on this machine: one program, or a folder with all that it needs.
struct ReadyProgram {
  let path: String
  /// As the stack has it.
  private let given: String

  /// What was built.
  init(path: String) {
    self.path = path
    given = path
  }

  /// The `handler` of a stack in `folder`.
  init(given: String, folder: String) {
    self.given = given
    path = FolderPath.absolute(given.hasPrefix("/") ? given : "\(folder)/\(given)")
  }

  /// Sends it to where the function's image is looked for.
  func upload(as function: StackFunction, _ client: GatewayClient) async throws {
    guard access(path, F_OK) == 0 else {
      throw CommandError(
        "there is no \(given), which its handler names: build it first, or correct the path (it counts from the"
          + " stack's folder)")
    }
    let artefact = try ArtefactName(image: function.deployment.image, namespace: function.name.namespace)
    try await client.upload(
      ArtefactArchive(of: path),
      to: "/system/artefacts/\(artefact.name)?namespace=\(artefact.namespace)&tag=\(artefact.tag)")
  }
}
