import ApusCommandLine
import ApusHTTP
import ApusJSON
import ApusModel

/// `apus describe`: one function, with its state.
enum DescribeCommand {
  static let usage = Command(
    "describe", "Show one function with its state", discussion: GatewayOptions.statuses,
    options: GatewayOptions.all + [OutputFormat.option], positionals: [GatewayOptions.function]
  ) { arguments in
    let (name, format) = (try GatewayOptions.name(arguments), try arguments[OutputFormat.option])
    try GatewayOptions.run(arguments) { client in
      let json = try await client.expect(.get, "/system/function/\(name.name)?namespace=\(name.namespace)").json()
      if format == .json { return try OutputFormat.printJSON(json) }
      let report = FunctionReport(json: json)
      Terminal.say("\(report.name): \(report.state.rawValue)")
      Terminal.say("  url: \(client.place.url)/function/\(name)")
      for (key, value) in json.objectValue ?? [] where key != "name" {
        Terminal.say("  \(key): \(try line(value))")
      }
    }
  }

  private static func line(_ value: JSON) throws -> String {
    try value.stringValue ?? String(decoding: value.serialise(), as: UTF8.self)
  }
}
