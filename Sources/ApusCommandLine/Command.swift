/// A verb of a program, or a group of verbs: a value, which parsing, help and completion all read.
package struct Command: Sendable {
  package typealias Run = @Sendable (ParsedArguments) async throws -> Void

  enum Action: Sendable {
    case run(Run)
    /// Nothing by itself: one of the subcommands must follow.
    case choose
    case help
    case completion
  }

  package let name: String
  /// One line for lists of commands.
  package let abstract: String
  /// Paragraphs for the command's own help; an indented line is kept as it is.
  package let discussion: String
  /// Also accepted behind the names of all subcommands.
  package let options: [any ArgumentDeclaration]
  package let positionals: [any ArgumentDeclaration]
  package private(set) var subcommands: [Command]
  package let isHidden: Bool
  let action: Action

  /// A command that does something.
  package init(
    _ name: String, _ abstract: String, discussion: String = "", options: [any ArgumentDeclaration] = [],
    positionals: [any ArgumentDeclaration] = [], isHidden: Bool = false, run: @escaping Run
  ) {
    self.init(name, abstract, discussion, options, positionals, [], isHidden, .run(run))
  }

  /// A group of commands.
  package init(
    _ name: String, _ abstract: String, discussion: String = "", options: [any ArgumentDeclaration] = [],
    isHidden: Bool = false, subcommands: [Command]
  ) {
    self.init(name, abstract, discussion, options, [], subcommands, isHidden, .choose)
  }

  private init(
    _ name: String, _ abstract: String, _ discussion: String, _ options: [any ArgumentDeclaration],
    _ positionals: [any ArgumentDeclaration], _ subcommands: [Command], _ isHidden: Bool, _ action: Action
  ) {
    self.name = name
    self.abstract = abstract
    self.discussion = discussion
    self.options = options
    self.positionals = positionals
    self.subcommands = subcommands
    self.isHidden = isHidden
    self.action = action
  }

  /// The same group with `help` and `completion` among its commands.
  var withOwnCommands: Command {
    guard !subcommands.isEmpty else { return self }
    var whole = self
    whole.subcommands += [
      Command(
        "completion", "Print a script that completes this program's words in a shell",
        "Load it with one of:\n\n  source <(\(name) completion bash)\n  source <(\(name) completion zsh)\n"
          + "  \(name) completion fish | source",
        [], [Self.shell], [], false, .completion),
      Command("help", "Explain a command", "", [], [Self.helpPath], [], false, .help),
    ]
    return whole
  }

  static let shell = Positional.required("SHELL", .choice(of: Shell.self), help: "Shell that runs the script")
  static let helpPath = Positional.repeated("COMMAND", .text(), help: "Command to explain; the program if none")

  func subcommand(_ name: String) -> Command? {
    subcommands.first { $0.name == name }
  }

  var visibleSubcommands: [Command] { subcommands.filter { !$0.isHidden } }
}
