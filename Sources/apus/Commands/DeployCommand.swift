import ApusCommandLine

/// `apus deploy`: brings a stack's functions to a gateway that runs.
enum DeployCommand {
  static let usage = Command(
    "deploy", "Upload and deploy the functions of a stack", discussion: GatewayOptions.statuses,
    options: GatewayOptions.all + [StackFile.option]
  ) { arguments in
    let path = try arguments[StackFile.option]
    let deployment = try StackDeployment(StackFile.read(path), folder: StackFile.folder(of: path))
    try GatewayOptions.run(arguments) { client in
      try await deployment.run(client)
      for line in try await deployment.table(client) { Terminal.say(line) }
    }
  }
}
