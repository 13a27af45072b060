import ApusCommandLine
import ApusHTTP
import ApusJSON
import ApusModel

/// `apus remove`: takes a function away.
enum RemoveCommand {
  static let usage = Command(
    "remove", "Remove a function; calls that run may end", discussion: GatewayOptions.statuses,
    options: GatewayOptions.all, positionals: [GatewayOptions.function]
  ) { arguments in
    let name = try GatewayOptions.name(arguments)
    try GatewayOptions.run(arguments) { client in
      try await client.expect(
        .delete, "/system/functions",
        ["functionName": .string(name.name), "namespace": .string(name.namespace)])
      Terminal.note("removed \(name)")
    }
  }
}
