/// A program: its commands, and what happens from the words of its command line to its exit status.
///
///     @main struct Apus {
///       static func main() async { await Program(root, version: "1.0.0").main() }
///     }
package struct Program: Sendable {
  package enum Stream: Sendable {
    case output
    case error
  }

  /// The status that says "not even tried": the command line is wrong.
  package static let usageStatus: Int32 = 2

  package let root: Command
  package let version: String

  /// A root with subcommands is given `help` and `completion` as well.
  package init(_ root: Command, version: String) {
    self.root = root.withOwnCommands
    self.version = version
  }

  /// Runs the command that `words` name (the program's own name is not among them) and returns the exit status:
  /// 0; 2 for a usage error; 1 for any other error; or what an `ExitStatus` says.
  package func run(
    _ words: [String], environment: (String) -> String?, write: (Stream, String) -> Void
  ) async -> Int32 {
    do {
      switch try CommandLineParser.parse(words, for: root, environment: environment) {
      case .help(let path): write(.output, HelpText(path, program: root).text)
      case .version: write(.output, "\(root.name) \(version)\n")
      case .run(let command, let arguments):
        switch command.action {
        case .run(let run): try await run(arguments)
        case .completion: write(.output, try arguments[Command.shell].script(for: root))
        // The parser answers these itself.
        case .choose, .help: break
        }
      }
      return 0
    } catch let error as UsageError {
      write(.error, "\(error)\n")
      return Self.usageStatus
    } catch let status as ExitStatus {
      return status.code
    } catch {
      write(.error, "\(root.name): \(error)\n")
      return 1
    }
  }
}
