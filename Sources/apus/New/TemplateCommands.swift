/// What a README says about running its function.
struct TemplateCommands {
  let name: String
  /// How the stack is named on the command line; nil for the folder's own.
  let stack: String?

  /// `call` is what `apus invoke` is given.
  func text(_ call: String = "-d Ada") -> String {
    let option = stack.map { " -f \($0)" } ?? ""
    return """
          apus up\(option)                        start a gateway with it
          apus invoke \(name) \(call)
          apus logs \(name)
      """
  }
}
