import ApusModel

/// Walks the words of a command line along a tree of commands.
struct CommandLineParser {
  enum Outcome: Sendable {
    case run(Command, ParsedArguments)
    /// The commands from the program down to the one to explain.
    case help([Command])
    case version
  }

  private var path: [Command]
  private var words: ArraySlice<String>
  private let environment: (String) -> String?
  private var given: [String: [GivenValue]] = [:]
  private var positionals: [String] = []
  private var optionsEnded = false

  private init(_ root: Command, _ words: [String], environment: @escaping (String) -> String?) {
    path = [root]
    self.words = words[...]
    self.environment = environment
  }

  /// Reads `words`, which do not include the program's own name.
  static func parse(
    _ words: [String], for root: Command, environment: (String) -> String?
  ) throws(UsageError) -> Outcome {
    try withoutActuallyEscaping(environment) { (environment) throws(UsageError) -> Outcome in
      var parser = CommandLineParser(root, words, environment: environment)
      do throws(ArgumentProblem) { return try parser.parse() } catch {
        throw UsageError(path: parser.path.map(\.name), error)
      }
    }
  }

  private var command: Command { path[path.count - 1] }

  private mutating func parse() throws(ArgumentProblem) -> Outcome {
    while let word = words.popFirst() {
      if optionsEnded || word == "-" || !word.hasPrefix("-") {
        try takePlain(word)
      } else if word == "--" {
        optionsEnded = true
      } else if word.hasPrefix("--") {
        if let outcome = try takeLong(word) { return outcome }
      } else {
        if let outcome = try takeShort(word) { return outcome }
      }
    }
    if case .choose = command.action {
      throw .missingCommand(commands: command.visibleSubcommands.map(\.name))
    }
    try assignPositionals()
    try fillAndCheck()
    let arguments = ParsedArguments(path: path.map(\.name), given: given)
    if case .help = command.action { return try help(for: positionals) }
    return .run(command, arguments)
  }

  private mutating func takePlain(_ word: String) throws(ArgumentProblem) {
    guard !command.subcommands.isEmpty else {
      positionals.append(word)
      return
    }
    path.append(try subcommand(word, of: command))
  }

  private func subcommand(_ word: String, of command: Command) throws(ArgumentProblem) -> Command {
    if let found = command.subcommand(word) { return found }
    let names = command.visibleSubcommands.map(\.name)
    throw .unknownCommand(word, suggestion: Suggestion.nearest(to: word, among: names), commands: names)
  }

  private func help(for words: [String]) throws(ArgumentProblem) -> Outcome {
    var path = [self.path[0]]
    for word in words { path.append(try subcommand(word, of: path[path.count - 1])) }
    return .help(path)
  }
}

// Options.
extension CommandLineParser {
  /// All options that count at the current command, its own before those of its parents.
  private var scope: [any ArgumentDeclaration] { path.reversed().flatMap(\.options) }

  private func form(spelled spelling: String) -> ArgumentForm? {
    scope.lazy.map(\.form).first { $0.spellings.contains(spelling) }
  }

  /// `--name`, `--name=VALUE`, `--name VALUE`, `--no-name`.
  private mutating func takeLong(_ word: String) throws(ArgumentProblem) -> Outcome? {
    let equals = word.firstIndex(of: "=")
    let spelling = String(word[..<(equals ?? word.endIndex)])
    let attached = equals.map { String(word[word.index(after: $0)...]) }
    guard let form = form(spelled: spelling) else {
      if spelling == "--help" { return .help(path) }
      if spelling == "--version", path.count == 1 { return .version }
      throw .unknownOption(spelling, suggestion: suggestion(for: spelling))
    }
    if form.takesValue {
      let value = if let attached { attached } else { try nextValue(for: form, spelled: spelling) }
      take(value, for: form)
    } else if spelling == form.spelling {
      take(attached ?? "true", for: form)
    } else {
      guard attached == nil else { throw .unknownOption(word, suggestion: spelling) }
      take("false", for: form)
    }
    return nil
  }

  /// `-n VALUE`, `-nVALUE`, `-n=VALUE`, and flags together: `-df`.
  private mutating func takeShort(_ word: String) throws(ArgumentProblem) -> Outcome? {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      let spelling = "-\(letter)"
      guard let form = form(spelled: spelling) else {
        if letter == "h" { return .help(path) }
        throw .unknownOption(spelling, suggestion: suggestion(for: word))
      }
      guard form.takesValue else {
        take("true", for: form)
        continue
      }
      if letters.isEmpty {
        take(try nextValue(for: form, spelled: spelling), for: form)
      } else {
        take(String(letters.first == "=" ? letters.dropFirst() : letters), for: form)
      }
      return nil
    }
    return nil
  }

  private mutating func take(_ value: String, for form: ArgumentForm) {
    given[form.spelling, default: []].append(GivenValue(value, .commandLine))
  }

  /// The next word, unless it is an option of ours: then the value was forgotten.
  ///
  /// Another word with a dash is a value, as `-5` must be; one that looks like an option goes behind `=`.
  private mutating func nextValue(
    for form: ArgumentForm, spelled spelling: String
  ) throws(ArgumentProblem) -> String {
    guard let next = words.first, !isOption(next) else {
      throw .missingValue(option: spelling, placeholder: form.placeholder, expectation: form.expectation)
    }
    words.removeFirst()
    return next
  }

  private func isOption(_ word: String) -> Bool {
    let spelling = String(word.prefix { $0 != "=" })
    return word == "--" || spelling == "--help" || self.form(spelled: spelling) != nil
  }

  /// The option meant by `spelling`; `-port` is one dash short of `--port`.
  private func suggestion(for spelling: String) -> String? {
    let visible = scope.map(\.form).filter { !$0.isHidden }
    let names = visible.flatMap(\.spellings).filter { $0.hasPrefix("--") } + ["--help"]
    let long = spelling.hasPrefix("--") ? spelling : "-" + spelling
    let name = String(long.prefix { $0 != "=" })
    if names.contains(name) { return name }
    // Without the dashes, which would make every two short names look alike.
    return Suggestion.nearest(to: String(name.dropFirst(2)), among: names.map { String($0.dropFirst(2)) })
      .map { "--" + $0 }
  }
}

// What remains once all words are read.
extension CommandLineParser {
  private mutating func assignPositionals() throws(ArgumentProblem) {
    var rest = positionals[...]
    for declaration in command.positionals {
      let form = declaration.form
      let taken = form.isRepeated ? rest : rest.prefix(1)
      rest = rest.dropFirst(taken.count)
      given[form.spelling] = taken.map { GivenValue($0, .commandLine) }
    }
    if let extra = rest.first { throw .unexpectedArgument(extra, limit: command.positionals.count) }
  }

  /// Falls back from the command line to the environment to the default, then checks every value once.
  private mutating func fillAndCheck() throws(ArgumentProblem) {
    for declaration in scope + command.positionals {
      let form = declaration.form
      if given[form.spelling] == nil {
        // An empty variable counts as unset, so that a parent can switch it off.
        if let name = form.environment, let text = environment(name), !text.isEmpty {
          given[form.spelling] = [GivenValue(text, .environment(name))]
        } else {
          given[form.spelling] = form.defaultText.map { [GivenValue($0, .declaredDefault)] } ?? []
        }
      }
      try declaration.check(given[form.spelling] ?? [])
    }
  }
}
