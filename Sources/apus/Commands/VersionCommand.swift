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
      let answer = await client.info()
      let gateway = (try? answer.get())?["version"]?["release"]?.stringValue
      // That none runs is no trouble; that one does not let us ask is.
      var trouble: String?
      if case .failure(let error) = answer, await client.isThere() { trouble = "\(error)" }
      if format == .json {
        let members: [(key: String, value: JSON)] = [
          ("apus", .string(Apus.version)), ("gateway", gateway.map { .string($0) } ?? .null),
        ]
        return try OutputFormat.printJSON(.object(members + (trouble.map { [("error", .string($0))] } ?? [])))
      }
      Terminal.say("apus      \(Apus.version)")
      Terminal.say("gateway   \(gateway.map { "\($0) at \(client.place.url)" } ?? trouble ?? "none answers")")
    }
  }
}
