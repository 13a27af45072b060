import ApusCommandLine
import ApusHTTP
import ApusJSON

/// `apus version`: of this program, and of the gateway if there is one.
enum VersionCommand {
  static let usage = Command(
    "version", "Print the versions of this program and of the gateway, if one runs",
    discussion: GatewayOptions.statuses, options: GatewayOptions.place + [OutputFormat.option]
  ) { arguments in
    let format = try arguments[OutputFormat.option]
    try GatewayOptions.run(arguments) { client in
      let info = try? await client.expect(.get, "/system/info").json()
      let gateway = info?["version"]?["release"]?.stringValue
      if format == .json {
        return try OutputFormat.printJSON(
          ["apus": .string(Apus.version), "gateway": gateway.map { .string($0) } ?? .null])
      }
      Terminal.say("apus      \(Apus.version)")
      Terminal.say("gateway   \(gateway.map { "\($0) at \(client.place.url)" } ?? "none answers")")
    }
  }
}
