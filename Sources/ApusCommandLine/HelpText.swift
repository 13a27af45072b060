/// The help of one command, in 80 columns.
struct HelpText {
  private let path: [Command]
  private let command: Command

  /// `path` leads from the program to the command to explain.
  init(_ path: [Command], program: Command) {
    self.path = path
    command = path.last ?? program
  }

  var text: String {
    var sections = [usage, TextLayout.wrap(command.abstract + ".")]
    if !command.discussion.isEmpty { sections.append(TextLayout.paragraphs(command.discussion)) }
    let tables = [
      ("Commands", command.visibleSubcommands.map { TextLayout.Row(left: $0.name, right: $0.abstract) }),
      ("Arguments", command.positionals.map { Self.row($0.form) }),
      ("Options", ownOptions),
      ("Options of every command", path.dropLast().flatMap { Self.rows($0.options) }),
    ]
    // One width for all tables, so that their right columns stand below each other.
    let width = TextLayout.leftWidth(tables.flatMap(\.1))
    for (title, rows) in tables where !rows.isEmpty {
      sections.append(title + ":\n" + TextLayout.table(rows, leftWidth: width))
    }
    if !command.subcommands.isEmpty {
      let names = path.map(\.name)
      let help = ([names[0], "help"] + names.dropFirst() + ["COMMAND"]).joined(separator: " ")
      sections.append("Run \"\(help)\" for more about a command.")
    }
    return sections.joined(separator: "\n\n") + "\n"
  }

  private var usage: String {
    var words = path.map(\.name)
    let forms = path.flatMap(\.options).map(\.form)
    words += forms.filter { $0.isRequired }.map { "\($0.spelling) \($0.placeholder)" }
    words.append("[OPTIONS]")
    if !command.subcommands.isEmpty { words.append("COMMAND") }
    words += command.positionals.map { Self.usage($0.form) }
    return TextLayout.wrap(words: words, first: "Usage: ", hanging: 9)
  }

  private static func usage(_ form: ArgumentForm) -> String {
    let name = form.isRepeated ? form.name + "..." : form.name
    return form.isRequired ? name : "[\(name)]"
  }

  private var ownOptions: [TextLayout.Row] {
    var rows = Self.rows(command.options)
    let isHelpShort = !command.options.contains { $0.form.short == "h" }
    rows.append(TextLayout.Row(left: isHelpShort ? "-h, --help" : "    --help", right: "Show this help"))
    if path.count == 1 { rows.append(TextLayout.Row(left: "    --version", right: "Show the version")) }
    return rows
  }

  private static func rows(_ options: [any ArgumentDeclaration]) -> [TextLayout.Row] {
    options.map(\.form).filter { !$0.isHidden }.map(row)
  }

  private static func row(_ form: ArgumentForm) -> TextLayout.Row {
    var left = form.name
    switch form.kind {
    case .positional: if form.isRepeated { left += "..." }
    case .option: left = "\(form.short.map { "-\($0), " } ?? "    ")--\(form.name) \(form.placeholder)"
    case .flag(let isNegatable):
      left = "\(form.short.map { "-\($0), " } ?? "    ")--\(isNegatable ? "[no-]" : "")\(form.name)"
    }
    var notes: [String] = []
    if !form.choices.isEmpty { notes.append(form.expectation) }
    if form.isRequired && form.kind == .option { notes.append("required") }
    if form.isRepeated && form.kind == .option { notes.append("may be repeated") }
    if let text = form.defaultText, !text.isEmpty {
      notes.append(form.kind == .option ? "default: \(text)" : "on by default")
    }
    if let name = form.environment { notes.append("environment: \(name)") }
    return TextLayout.Row(left: left, right: form.help + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"))
  }
}
