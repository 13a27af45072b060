/// Writes the completion script for fish: one `complete` line for each word, on the path at which it may stand.
struct FishCompletion {
  private let tree: CompletionTree

  init(_ tree: CompletionTree) {
    self.tree = tree
  }

  var script: String {
    """
    # Completion of \(tree.program) for fish. Load it with: \(tree.program) completion fish | source
    function __\(tree.identifier)_path
      set -l path \(tree.program)
      set -l skip 0
      for word in (commandline -opc)[2..-1]
        if test $skip = 1
          set skip 0
          continue
        end
        switch "$path $word"
          case \(list(commands))
            set path "$path $word"
          case \(list(valueOptions))
            set skip 1
        end
      end
      echo $path
    end
    complete -c \(tree.program) -f
    \(tree.nodes.flatMap(lines).joined(separator: "\n"))

    """
  }

  private var commands: [String] {
    tree.nodes.flatMap { node in node.commands.map { "\(node.path) \($0.name)" } }
  }

  private var valueOptions: [String] {
    tree.nodes.flatMap { node in
      node.options.filter(\.takesValue).flatMap(\.spellings).map { "\(node.path) \($0)" }
    }
  }

  private func list(_ words: [String]) -> String {
    words.isEmpty ? "''" : words.map(Self.quoted).joined(separator: " ")
  }

  private func lines(_ node: CompletionTree.Node) -> [String] {
    let condition = Self.quoted("test (__\(tree.identifier)_path) = \"\(node.path)\"")
    let start = "complete -c \(tree.program) -n \(condition)"
    var lines = node.commands.map { "\(start) -a \($0.name) -d \(Self.quoted($0.abstract))" }
    for form in node.positionals {
      if !form.plainChoices.isEmpty {
        lines.append("\(start) -a \(Self.quoted(form.plainChoices.joined(separator: " ")))")
      } else if form.completion != .nothing {
        lines.append("\(start) -F")
      }
    }
    for form in node.options {
      let short = form.short.map { " -s \($0)" } ?? ""
      lines.append("\(start) -l \(form.name)\(short)\(value(form)) -d \(Self.quoted(form.help))")
      if form.kind == .flag(isNegatable: true) {
        lines.append("\(start) -l no-\(form.name) -d \(Self.quoted("Not: " + form.help))")
      }
    }
    return lines
  }

  private func value(_ form: ArgumentForm) -> String {
    guard form.takesValue else { return "" }
    if !form.plainChoices.isEmpty { return " -x -a " + Self.quoted(form.plainChoices.joined(separator: " ")) }
    return switch form.completion {
    case .nothing: " -x"
    case .files: " -r -F"
    case .directories: " -x -a '(__fish_complete_directories)'"
    }
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.reduce(into: "") { result, character in
      if character == "'" || character == "\\" { result.append("\\") }
      result.append(character)
    }
    return "'" + escaped + "'"
  }
}
