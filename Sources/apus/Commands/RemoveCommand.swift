import ApusCommandLine
import ApusHTTP
import ApusJSON
import ApusModel

/// `apus remove`: takes a function away.
enum RemoveCommand {
  static let usage = Command(
    "remove", "Remove a function; calls that run may end", discussion: GatewayOptions.statuses,
    options: GatewayOptions.all + [OutputFormat.option], positionals: [GatewayOptions.function]
  ) { arguments in
    let (name, format) = (try GatewayOptions.name(arguments), try arguments[OutputFormat.option])
    try GatewayOptions.run(arguments) { client in
      try await client.expect(
        .delete, "/system/functions",
        ["functionName": .string(name.name), "namespace": .string(name.namespace)])
      try format.tellDone("removed \(name)", ["removed": .string(name.qualified)])
    }
  }
}
