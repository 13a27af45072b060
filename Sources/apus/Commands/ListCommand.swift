import ApusCommandLine
import ApusHTTP
import ApusJSON

/// `apus list`: the functions of a namespace.
enum ListCommand {
  static let usage = Command(
    "list", "List the functions of a namespace", discussion: GatewayOptions.statuses,
    options: GatewayOptions.all + [OutputFormat.option]
  ) { arguments in
    let (namespace, format) = (try arguments[GatewayOptions.namespace], try arguments[OutputFormat.option])
    try GatewayOptions.run(arguments) { client in
      let json = try await client.expect(.get, "/system/functions?namespace=\(namespace)").json()
      if format == .json { return try OutputFormat.printJSON(json) }
      var table = TextTable(["function", "state", "replicas", "calls", "image"])
      for report in (json.arrayValue ?? []).map(FunctionReport.init) {
        table.add([report.name, report.state, "\(report.replicas)", "\(report.calls)", report.image])
      }
      for line in table.lines { Terminal.say(line) }
    }
  }
}
