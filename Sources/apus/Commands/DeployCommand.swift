import ApusCommandLine
import ApusStack

/// `apus deploy`: brings a stack's functions to a gateway that runs.
enum DeployCommand {
  static let usage = Command(
    "deploy", "Upload and deploy the functions of a stack",
    discussion: "The stack's provider.gateway counts if neither --gateway nor OPENFAAS_URL is given, unless it is"
      + " \(GatewayPlace.usual).\n\n\(GatewayOptions.statuses)",
    options: GatewayOptions.place + [StackFile.option]
  ) { arguments in
    let path = try arguments[StackFile.option]
    let stack = try StackFile.read(path)
    let deployment = try StackDeployment(stack, folder: StackFile.folder(of: path))
    // Every stack that faas-cli makes says the usual one, wherever the gateway is.
    let own = stack.gateway.flatMap { $0 == GatewayPlace.usual ? nil : $0 }
    try GatewayOptions.run(arguments, otherwise: own) { client in
      try await deployment.run(client)
      for line in try await deployment.table(client) { Terminal.say(line) }
    }
  }
}
