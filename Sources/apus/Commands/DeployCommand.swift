import ApusCommandLine
import ApusStack

/// `apus deploy`: brings a stack's functions to a gateway that runs.
enum DeployCommand {
  static let noBuild = Option<Bool>.flag(
    "no-build", help: "Take the programs of functions with lang: swift as they are, older than their sources or not")
  static let usage = Command(
    "deploy", "Build, upload and deploy the functions of a stack",
    discussion: "Functions with `lang: swift` whose sources are newer than their program are built before anything is"
      + " sent.\n\nThe stack's provider.gateway counts if neither --gateway nor OPENFAAS_URL is given, unless it is"
      + " \(GatewayPlace.usual).\n\n\(GatewayOptions.statuses)",
    options: GatewayOptions.place + [StackFile.option, noBuild, OutputFormat.option]
  ) { arguments in
    let (path, format, isBuilding) = (
      try arguments[StackFile.option], try arguments[OutputFormat.option], try !arguments[noBuild]
    )
    let stack = try StackFile.read(path)
    let deployment = StackDeployment(stack, folder: StackFile.folder(of: path))
    // Every stack that faas-cli makes says the usual one, wherever the gateway is.
    let own = stack.gateway.flatMap { $0 == GatewayPlace.usual ? nil : $0 }
    try GatewayOptions.run(arguments, otherwise: own) { client in
      try await deployment.build(isAllowed: isBuilding, on: client.loop)
      try await deployment.run(client)
      let states = try await deployment.states(client)
      if format == .json { return try OutputFormat.printJSON(FunctionState.json(states)) }
      for line in FunctionState.table(states) { Terminal.say(line) }
    }
  }
}
