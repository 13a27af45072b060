extension Shell {
  /// The completion script of a program for this shell.
  func script(for program: Command) -> String {
    let tree = CompletionTree(program)
    return switch self {
    case .bash: BashCompletion(tree).script
    case .zsh: ZshCompletion(tree).script
    case .fish: FishCompletion(tree).script
    }
  }
}
