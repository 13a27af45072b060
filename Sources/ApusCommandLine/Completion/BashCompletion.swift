/// Writes the completion script for bash 4 and later.
///
/// The script holds all words itself, so that completing starts no process. Names are letters, digits and dashes
/// (`Command.problems` sees to it), hence safe between double quotes.
struct BashCompletion {
  private let tree: CompletionTree

  init(_ tree: CompletionTree) {
    self.tree = tree
  }

  var script: String {
    """
    # Completion of \(tree.program) for bash. Load it with: source <(\(tree.program) completion bash)
    _\(tree.identifier)() {
      local current="${COMP_WORDS[COMP_CWORD]}" path="\(tree.program)"
      local expects="" ended="" count=0 words="" kind="" at word
      COMPREPLY=()
      for ((at = 1; at < COMP_CWORD; at++)); do
        word="${COMP_WORDS[at]}"
        if [[ $word == "=" ]]; then
          # bash makes "=" a word of its own: what follows is a value.
          expects="${expects:-=}"
        elif [[ -n $expects ]]; then
          expects=""
        elif [[ -z $ended && $word == -- ]]; then
          ended=1
        elif [[ -z $ended && $word == -?* ]]; then
          case "$path|$word" in
    \(cases(valueOptions) { "expects=\"$word\"" })
          esac
        else
          case "$path|$word" in
    \(cases(commands) { "path=\"$path $word\"" })
            *) count=$((count + 1)) ;;
          esac
        fi
      done
      [[ $current == "=" ]] && current="" && expects="${expects:-=}"
      if [[ -n $expects ]]; then
        case "$path|$expects" in
    \(sourceCases(values))
        esac
      elif [[ -z $ended && $current == -* ]]; then
        case "$path" in
    \(sourceCases(options))
        esac
      else
        case "$path|$count" in
    \(sourceCases(plain))
        esac
      fi
      case "$kind" in
        words) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current") ;;
        files) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
        directories) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
      esac
      # Outside of a real completion, as in a test, compopt has nothing to change and says so.
      [[ $kind == files || $kind == directories ]] && compopt -o filenames 2>/dev/null
      return 0
    }
    complete -F _\(tree.identifier) \(tree.program)

    """
  }

  /// What can stand at a place: a pattern, and where its candidates come from.
  private struct Source {
    let patterns: [String]
    let action: String

    init(_ patterns: [String], action: String) {
      self.patterns = patterns
      self.action = action
    }

    init(_ patterns: [String], words: [String]) {
      self.init(patterns, action: "kind=words words=\"\(words.joined(separator: " "))\"")
    }

    init?(_ patterns: [String], _ form: ArgumentForm) {
      switch form.completion {
      case _ where !form.plainChoices.isEmpty: self.init(patterns, words: form.plainChoices)
      case .nothing: return nil
      case .files: self.init(patterns, action: "kind=files")
      case .directories: self.init(patterns, action: "kind=directories")
      }
    }
  }

  private var valueOptions: [String] {
    tree.nodes.flatMap { node in
      node.options.filter(\.takesValue).flatMap(\.spellings).map { "\"\(node.path)|\($0)\"" }
    }
  }

  private var commands: [String] {
    tree.nodes.flatMap { node in node.commands.map { "\"\(node.path)|\($0.name)\"" } }
  }

  private var values: [Source] {
    tree.nodes.flatMap { node in
      node.options.filter(\.takesValue).compactMap { form in
        Source(form.spellings.map { "\"\(node.path)|\($0)\"" }, form)
      }
    }
  }

  private var options: [Source] {
    tree.nodes.map { Source(["\"\($0.path)\""], words: $0.options.flatMap(\.spellings)) }
  }

  private var plain: [Source] {
    tree.nodes.flatMap { node -> [Source] in
      if !node.commands.isEmpty { return [Source(["\"\(node.path)|0\""], words: node.commands.map(\.name))] }
      return node.positionals.enumerated().compactMap { place, form in
        Source(form.isRepeated ? ["\"\(node.path)|\"*"] : ["\"\(node.path)|\(place)\""], form)
      }
    }
  }

  private func cases(_ patterns: [String], action: () -> String) -> String {
    // A case without patterns is a syntax error; this one matches nothing that occurs.
    "        " + (patterns.isEmpty ? "\"\"" : patterns.joined(separator: " | ")) + ") \(action()) ;;"
  }

  private func sourceCases(_ sources: [Source]) -> String {
    guard !sources.isEmpty else { return "      *) ;;" }
    return sources.map { "      " + $0.patterns.joined(separator: " | ") + ") \($0.action) ;;" }.joined(separator: "\n")
  }
}
