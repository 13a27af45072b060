import ApusCommandLine

/// The command-line tool: composition only; each verb is a file in Commands/.
@main
struct Apus {
  static let version = "0.1.0"

  static let root = Command(
    "apus", "Serverless functions in Swift, on one machine or a cluster",
    discussion: GatewayOptions.statuses,
    subcommands: [
      NewCommand.usage, UpCommand.usage, DevCommand.usage, DeployCommand.usage, ListCommand.usage,
      DescribeCommand.usage, InvokeCommand.usage, LogsCommand.usage, ScaleCommand.usage, ExplainCommand.usage,
      RemoveCommand.usage, SecretCommand.usage, VolumeCommand.usage, NamespaceCommand.usage, BackupCommand.usage,
      RestoreCommand.usage, DoctorCommand.usage, TokenCommand.usage, AuthCommand.usage, AccountsCommand.usage,
      VersionCommand.usage,
    ])

  static func main() async {
    await Program(root, version: version).main()
  }
}
