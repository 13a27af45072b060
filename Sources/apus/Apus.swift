import ApusCommandLine

/// The command-line tool: composition only; each verb is a file in Commands/.
@main
struct Apus {
  static let version = "0.1.0"

  static let root = Command(
    "apus", "Serverless functions in Swift, on one machine or a cluster", subcommands: [UpCommand.usage])

  static func main() async {
    await Program(root, version: version).main()
  }
}
