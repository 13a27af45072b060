import ApusCommandLine
import Synchronization

/// A small program with every kind of argument, whose commands report what they were given.
enum SampleProgram {
  enum Format: String, CaseIterable, Sendable { case plain, json }

  struct Result: Equatable, Sendable {
    var status: Int32 = 0
    var output = ""
    var error = ""
    var report = ""
  }

  static func run(_ words: [String], environment: [String: String] = [:]) async -> Result {
    let report = Mutex("")
    let program = Program(root { text in report.withLock { $0 = text } }, version: "1.2.3")
    var result = Result()
    result.status = await program.run(words, environment: { environment[$0] }) { stream, text in
      if stream == .output { result.output += text } else { result.error += text }
    }
    result.report = report.withLock { $0 }
    return result
  }

  static let gateway = Option.value(
    "gateway", short: "g", .text("URL"), default: "http://127.0.0.1:8080", environment: "OPENFAAS_URL",
    help: "Address of the gateway")

  static func root(_ report: @escaping @Sendable (String) -> Void = { _ in }) -> Command {
    Command(
      "apus", "Serverless functions in Swift", options: [gateway],
      subcommands: [
        UpCommand.command(report), InvokeCommand.command(report), secrets(report),
        Command("fail", "Fail as asked", positionals: [failure], isHidden: true) { arguments in
          switch try arguments[failure] {
          case "usage": throw arguments.usageError("--replace and --update exclude each other")
          case "status": throw ExitStatus(7)
          default: throw SampleError()
          }
        },
      ])
  }

  static let failure = Positional.required("KIND", .choice(["usage", "status", "error"]), help: "How to fail")

  static func secrets(_ report: @escaping @Sendable (String) -> Void) -> Command {
    let name = Positional.required("NAME", .text(), help: "Name of the secret")
    let file = Option.required("from-file", .file(), help: "File that holds the value")
    return Command(
      "secret", "Manage secrets",
      subcommands: [
        Command("create", "Create a secret", options: [file], positionals: [name]) { arguments in
          report("create \(try arguments[name]) \(try arguments[file]) \(try arguments[gateway])")
        },
        Command("list", "List secrets") { report("list at \($0.path) \(try $0[gateway])") },
      ])
  }
}

struct SampleError: Error, CustomStringConvertible {
  var description: String { "the sample failed; run it otherwise" }
}

struct UpCommand {
  static let port = Option.value(
    "port", short: "p", .integer(in: 1...65_535), default: "8080", environment: "port", help: "TCP port")
  static let labels = Option.repeated("label", short: "l", .text("K=V"), help: "Label of each function")
  static let format = Option.optional("format", .choice(of: SampleProgram.Format.self), help: "How to print")
  static let wait = Option.optional(
    "wait",
    .converted("DURATION", expectation: "a number of seconds such as 30s") { text in
      text.hasSuffix("s") ? Int(text.dropLast()) : nil
    }, help: "How long to wait until all functions are ready")
  static let detach = Option.flag("detach", short: "d", help: "Return once everything is up")
  static let color = Option.flag(
    "color", default: true, isNegatable: true, environment: "COLOR", help: "Use colours")
  static let debug = Option.flag("debug-internals", isHidden: true, help: "For us")
  static let functions = Positional.repeated("FUNCTION", .text(), help: "Functions to start; all if none is named")

  static func command(_ report: @escaping @Sendable (String) -> Void) -> Command {
    Command(
      "up", "Start the runtime and the functions of the stack",
      discussion: """
        Builds what has changed, starts the gateway, and deploys the functions of stack.yml that are named, or all of \
        them.

          apus up --port 9000 hello
        """,
      options: [port, labels, format, wait, detach, color, debug], positionals: [functions]
    ) { arguments in
      report(try UpCommand(arguments).summary)
    }
  }

  let summary: String

  init(_ arguments: ParsedArguments) throws(UsageError) {
    let format: SampleProgram.Format? = try arguments[Self.format]
    let wait: Int? = try arguments[Self.wait]
    summary = """
      port=\(try arguments[Self.port]) labels=\(try arguments[Self.labels]) format=\(format?.rawValue ?? "-") \
      wait=\(wait ?? -1) detach=\(try arguments[Self.detach]) color=\(try arguments[Self.color]) \
      functions=\(try arguments[Self.functions]) gateway=\(try arguments[SampleProgram.gateway])
      """
  }
}

enum InvokeCommand {
  static let function = Positional.required("FUNCTION", .text(), help: "Function to call")
  static let file = Positional.optional("FILE", .file(), help: "Body; standard input if absent")

  static func command(_ report: @escaping @Sendable (String) -> Void) -> Command {
    Command("invoke", "Call a function", positionals: [function, file]) { arguments in
      let file: String? = try arguments[file]
      await Task.yield()
      report("\(try arguments[function]) \(file ?? "-")")
    }
  }
}
