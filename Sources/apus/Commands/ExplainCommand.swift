import ApusCommandLine
import ApusHTTP
import ApusJSON
import ApusModel

/// `apus explain`: why a function has as many replicas as it has.
enum ExplainCommand {
  static let usage = Command(
    "explain", "Say why a function has as many replicas as it has, by the last decisions",
    discussion:
      "With --output json each decision is an object: `cause` and what is behind it, `from` and `to` replicas,"
      + " when, how often, and the figures that it was taken from.\n\n" + GatewayOptions.statuses,
    options: GatewayOptions.all + [OutputFormat.option],
    positionals: [GatewayOptions.function]
  ) { arguments in
    let (name, format) = (try GatewayOptions.name(arguments), try arguments[OutputFormat.option])
    try GatewayOptions.run(arguments) { client in
      let json = try await client.expect(.get, "/system/explain/\(name.name)?namespace=\(name.namespace)").json()
      if format == .json { return try OutputFormat.printJSON(json) }
      for line in (json["decisions"]?.arrayValue ?? []).compactMap({ $0["text"]?.stringValue ?? $0.stringValue }) {
        Terminal.say(line)
      }
    }
  }
}
