import ApusDeployment
import ApusModel
import ApusStack

/// A deployment of what was not uploaded by it, and what is missing.
struct MissingImage {
  private let function: StackFunction

  /// Nil if the gateway refused it for another reason.
  init?(_ function: StackFunction, _ answer: GatewayAnswer) {
    guard answer.status == 400, answer.text.hasPrefix("artefact not found") else { return nil }
    self.function = function
  }

  /// The gateway's own text names `apus deploy`, which is what the person just ran.
  var error: CommandError {
    CommandError(
      "the gateway has no \(function.deployment.image) in namespace \(function.name.namespace), and \(reason). Put the"
        + " program into a folder as handler, and write lang: program and handler: ./FOLDER into the stack; or lang:"
        + " swift and the folder of a Swift package. docs/guides/deploying.md has an example of each")
  }

  private var reason: String {
    let language = function.build.language
    if function.build.isSkipped { return "skip_build says that it is made elsewhere" }
    guard let language else { return "the stack does not say what it is made of" }
    guard language.lowercased() != "dockerfile" else { return "apus builds no images, which lang: dockerfile asks for" }
    return "apus does not build \(QuotedText(language))"
  }
}
