/// Writes the completion script for zsh: one function for each command, on top of `_arguments`.
struct ZshCompletion {
  private let tree: CompletionTree

  init(_ tree: CompletionTree) {
    self.tree = tree
  }

  var script: String {
    """
    #compdef \(tree.program)
    # Completion of \(tree.program) for zsh. Load it with: source <(\(tree.program) completion zsh)
    \(tree.nodes.map(function).joined(separator: "\n"))
    # Sourced, the file registers its function; autoloaded from a folder in fpath, it is the function.
    if [[ $funcstack[1] == _\(tree.identifier) ]]; then
      _\(tree.identifier) "$@"
    else
      compdef _\(tree.identifier) \(tree.program)
    fi

    """
  }

  private func function(_ node: CompletionTree.Node) -> String {
    var specifications = node.options.flatMap(specifications)
    for (place, form) in node.positionals.enumerated() {
      let position = form.isRepeated ? "*" : "\(place + 1)"
      specifications.append(Self.quoted("\(position):\(Self.escaped(form.name)):\(action(form))"))
    }
    var lines = ["\(name(node))() {"]
    if node.commands.isEmpty {
      lines.append("  _arguments -s \\\n    " + specifications.joined(separator: " \\\n    "))
    } else {
      specifications += ["'1: :->command'", "'*:: :->argument'"]
      lines += [
        "  local context state state_descr line", "  typeset -A opt_args", "  local -a commands=(",
        node.commands.map { "    " + Self.quoted("\($0.name):\(Self.escaped($0.abstract))") }.joined(separator: "\n"),
        "  )", "  _arguments -s -C \\\n    " + specifications.joined(separator: " \\\n    "), "  case $state in",
        "    command) _describe command commands ;;", "    argument)", "      case $line[1] in",
      ]
      lines += node.commands.map { "        \($0.name)) \(name(node))_\(Self.identifier($0.name)) ;;" }
      lines += ["      esac ;;", "  esac"]
    }
    return (lines + ["}"]).joined(separator: "\n")
  }

  private func name(_ node: CompletionTree.Node) -> String {
    "_" + ([tree.identifier] + node.names.dropFirst().map(Self.identifier)).joined(separator: "_")
  }

  private static func identifier(_ name: String) -> String {
    String(name.map { $0 == "-" ? "_" : $0 })
  }

  private func specifications(_ form: ArgumentForm) -> [String] {
    let others = form.isRepeated ? "*" : "(" + form.spellings.joined(separator: " ") + ")"
    return form.spellings.map { spelling in
      let help = "[\(Self.escaped(form.help))]"
      guard form.takesValue else { return Self.quoted(others + spelling + help) }
      // `--name=` takes its value behind = or as the next word, `-n+` in the same word or the next.
      let joint = spelling.hasPrefix("--") ? "=" : "+"
      return Self.quoted("\(others)\(spelling)\(joint)\(help):\(Self.escaped(form.placeholder)):\(action(form))")
    }
  }

  private func action(_ form: ArgumentForm) -> String {
    if !form.plainChoices.isEmpty { return "(" + form.plainChoices.joined(separator: " ") + ")" }
    return switch form.completion {
    // A space: show what is expected, offer nothing.
    case .nothing: " "
    case .files: "_files"
    case .directories: "_files -/"
    }
  }

  /// Takes the meaning from the characters that part a specification.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if "\\[]:".contains(character) { result.append("\\") }
      result.append(character)
    }
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
