import ApusCommandLine
import ApusIO
import ApusJSON
import ApusModel
import ApusStack
import Glibc

/// `apus new`: a folder with a function that builds and runs as it is, and its entry in a stack.
struct NewCommand {
  enum Language: String, CaseIterable {
    case swift, bash, python, `static`, dockerfile
  }

  static let name = Positional.required("NAME", .text("NAME"), help: "Function to make, and the folder that it gets")
  static let language = Option.value(
    "lang", .choice(of: Language.self), default: "swift",
    help: "Language of the function; dockerfile is one in bash with a container image")
  static let file = Option.optional(
    "file", short: "f", .file(), help: "Stack to add it to; else ./stack.yml if there is one, else NAME/stack.yml")
  static let sdk = Option.optional(
    "sdk", .directory(),
    help: "SDK for Swift to depend on; else the checkout of this program, or what is installed with it")
  static let usage = Command(
    "new", "Make a function that builds and runs as it is, offline",
    discussion:
      "  apus new greet && cd greet && apus up\n\nNothing that is there is changed, but for the stack, which gets"
      + " one more function at its end.\n\n\(GatewayOptions.statuses)",
    options: [language, file, sdk, OutputFormat.option], positionals: [name]
  ) { arguments in try NewCommand(arguments).run() }

  private let name: String
  private let language: Language
  /// Of functions in Swift.
  private let sdk: InstalledSDK?
  private let stackPath: String
  private let isOwnStack: Bool
  private let format: OutputFormat

  init(_ arguments: ParsedArguments) throws {
    let name = try arguments[Self.name]
    do throws(NameError) {
      try DNSName.checkLabel(name, subject: "function's name")
    } catch {
      throw arguments.usageError("\(error)")
    }
    self.name = name
    language = try arguments[Self.language]
    sdk = language == .swift ? try InstalledSDK(try arguments[Self.sdk]) : nil
    format = try arguments[OutputFormat.option]
    let chosen = try arguments[Self.file] ?? (access("stack.yml", F_OK) == 0 ? "stack.yml" : nil)
    stackPath = chosen ?? "\(name)/stack.yml"
    isOwnStack = chosen == nil
  }

  func run() throws {
    guard access(name, F_OK) != 0 else {
      throw CommandError("there is a \(name) already, which stays as it is: choose another name, or remove it")
    }
    if let sdk, sdk.takes(name) {
      throw CommandError(
        "\(sdk.path) has a target \(name), and Swift builds no two of one name together: choose another name, or run"
          + " `make install` there and use the apus that it installs")
    }
    let stack = try newStack()
    // Whole or not at all: it is made beside its place.
    let part = "\(name).part-\(getpid())"
    do {
      try make(in: part)
      if isOwnStack { try NewFile.write(Array(stack.utf8), to: "\(part)/stack.yml") }
      guard rename(part, name) == 0 else { throw SystemError(errno, "make the folder", name) }
    } catch {
      removeParts(of: part)
      throw error
    }
    if !isOwnStack { try NewFile.write(Array(stack.utf8), to: stackPath) }
    try report()
  }

  private func make(in folder: String) throws {
    for made in [folder] + template.folders.map({ "\(folder)/\($0)" }) { try NewFile.folder(made) }
    for file in template.files {
      try NewFile.write(
        Array(file.text.utf8), to: "\(folder)/\(file.path)", mode: file.isExecutable ? 0o755 : 0o644)
    }
  }

  private func removeParts(of folder: String) {
    for file in template.files.map(\.path) + ["stack.yml"] { unlink("\(folder)/\(file)") }
    for made in template.folders.map({ "\(folder)/\($0)" }) + [folder] { rmdir(made) }
  }

  private var template: any FunctionTemplate {
    let stack = isOwnStack ? nil : FolderPath.absolute(stackPath)
    let commands = TemplateCommands(name: name, stack: stack)
    return switch language {
    case .swift: SwiftTemplate(name: name, sdk: sdk?.path ?? "", stack: stack)
    case .bash: BashTemplate(name: name, commands: commands)
    case .python: PythonTemplate(name: name, commands: commands)
    case .static: StaticTemplate(name: name, commands: commands)
    case .dockerfile: DockerfileTemplate(name: name, commands: commands)
    }
  }

  /// The text of the stack with the function in it, read again to be sure of it.
  private func newStack() throws -> String {
    let entry = StackEntry(name: name, handler: handler, details: template.stackLines)
    guard !isOwnStack, access(stackPath, F_OK) == 0 else { return entry.stack }
    let stack = try StackFile.read(stackPath)
    guard !stack.functions.contains(where: { $0.name.name == name }) else {
      throw CommandError("\(stackPath) has a function \(name) already: choose another name")
    }
    let old = String(decoding: try Terminal.readFile(stackPath, limit: 1 << 20), as: UTF8.self)
    guard let new = entry.appended(to: old), reads(new) else {
      throw CommandError(
        "the functions of \(stackPath) are written in a way that apus can't add to: add this to them by hand and run"
          + " `apus new` with -f \(name).yml:\n\n\(entry.stack)")
    }
    return new
  }

  /// From the stack's folder.
  private var handler: String {
    if isOwnStack { return "." }
    return FolderPath.parent(stackPath) == FolderPath.parent(name) ? "./\(name)" : FolderPath.absolute(name)
  }

  private func reads(_ text: String) -> Bool {
    let stack = try? Stack.read(
      Array(text.utf8), file: stackPath, environment: ProcessEnvironment.current().values,
      files: StackFolder(StackFile.folder(of: stackPath)), readsTemplates: false)
    return stack?.functions.contains { $0.name.name == name } ?? false
  }

  private func report() throws {
    if format == .json {
      return try OutputFormat.printJSON([
        "name": .string(name), "folder": .string(FolderPath.absolute(name)),
        "stack": .string(FolderPath.absolute(stackPath)), "sdk": sdk.map { .string($0.path) } ?? .null,
      ])
    }
    Terminal.say("made \(name), and \(isOwnStack ? "its stack" : "its entry in \(stackPath)")")
    let start = isOwnStack ? "cd \(name) && apus up" : "apus up -f \(stackPath)"
    let call = language == .static ? "apus invoke \(name) -X GET" : "apus invoke \(name) -d Swift"
    Terminal.say("try: \(start), then in another terminal: \(call)")
  }
}
