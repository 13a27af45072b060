extension Command {
  /// Mistakes in the declaration of this command and those below it; a test of each program expects none.
  package var problems: [String] { problems(above: [], inherited: []) }

  private func problems(above: [String], inherited: [ArgumentForm]) -> [String] {
    let names = above + [name]
    var found: [String] = []
    func report(_ problem: String) { found.append(names.joined(separator: " ") + ": " + problem) }

    if !Self.isPlain(name) { report("the name is not of letters, digits and dashes") }
    let forms = options.map(\.form)
    var spellings: Set<String> = Set((inherited).flatMap(\.spellings) + ["--help"])
    for form in forms {
      if form.kind == .positional { report("\(form.name) is a positional argument among the options") }
      if !Self.isPlain(form.name) { report("--\(form.name) is not of letters, digits and dashes") }
      if let short = form.short, !short.isASCII || !(short.isLetter || short.isNumber) {
        report("-\(short) is not a letter or digit")
      }
      for spelling in form.spellings where !spellings.insert(spelling).inserted {
        report("\(spelling) is declared twice")
      }
    }
    let parameters = positionals.map(\.form)
    for (place, form) in parameters.enumerated() {
      if form.kind != .positional { report("\(form.spelling) is an option among the positional arguments") }
      if form.isRepeated && place + 1 < parameters.count { report("\(form.name) is repeated, but not last") }
      if form.isRequired, place > 0, !parameters[place - 1].isRequired {
        report("\(form.name) is required behind one that is not")
      }
    }
    if Set(parameters.map(\.name)).count < parameters.count { report("two positional arguments have the same name") }
    for declaration in options {
      guard let text = declaration.form.defaultText else { continue }
      do { try declaration.check([GivenValue(text, .declaredDefault)]) } catch { report("\(error)") }
    }
    if Set(subcommands.map(\.name)).count < subcommands.count { report("two commands have the same name") }
    return found + subcommands.flatMap { $0.problems(above: names, inherited: inherited + forms) }
  }

  /// Names that need no quoting in a shell, in a help text or in a completion script.
  private static func isPlain(_ name: String) -> Bool {
    guard let first = name.first, first != "-" else { return false }
    return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
  }
}
