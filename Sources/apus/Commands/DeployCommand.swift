import ApusCommandLine
import ApusJSON
import ApusModel
import ApusStack

/// `apus deploy`: brings a stack's functions to a gateway that runs.
enum DeployCommand {
  static let noBuild = Option<Bool>.flag(
    "no-build", help: "Take the programs of functions with lang: swift as they are, older than their sources or not")
  static let usage = Command(
    "deploy", "Build, upload and deploy the functions of a stack",
    discussion: "Functions with `lang: swift` whose sources are newer than their program are built before anything is"
      + " sent; those with `lang: program` are sent as they are. One that can't be deployed does not keep the others"
      + " from it: the table, and `state` with --output json, tell which are, and which do not start; the exit status"
      + " is 1 for both.\n\nThe stack's provider.gateway counts if neither --gateway nor OPENFAAS_URL is given, unless it is \(GatewayPlace.usual).\n\n"
      + GatewayOptions.statuses,
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
      let failures = try await deployment.run(client)
      let states = try await deployment.states(client, failures)
      if format == .json {
        try OutputFormat.printJSON(FunctionState.json(states))
      } else {
        for line in FunctionState.table(states) { Terminal.say(line) }
      }
      let failed = states.map(\.name).filter { failures[$0] != nil }
      for name in failed { Terminal.note("apus: \(name) is not deployed: \(failures[name] ?? "")") }
      guard failed.isEmpty else {
        let names = failed.map(\.description).joined(separator: ", ")
        let verb = states.count == 1 ? "function is" : "functions are"
        throw CommandError("\(failed.count) of \(states.count) \(verb) not deployed: \(names)")
      }
      let failing = states.filter(\.isFailing).map { "\($0.name)" }
      guard failing.isEmpty else {
        throw CommandError("deployed, but not starting: \(failing.joined(separator: ", ")). `apus logs` may tell more")
      }
    }
  }
}
