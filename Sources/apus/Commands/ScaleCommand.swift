import ApusCommandLine
import ApusHTTP
import ApusJSON
import ApusModel

/// `apus scale`: sets the present count of replicas.
enum ScaleCommand {
  static let replicas = Positional.required(
    "REPLICAS", .integer(in: 0...1_000), help: "How many from now on; 0 puts the function to sleep")
  static let usage = Command(
    "scale", "Set how many replicas a function has until demand says otherwise",
    discussion: GatewayOptions.statuses, options: GatewayOptions.all + [OutputFormat.option],
    positionals: [GatewayOptions.function, replicas]
  ) { arguments in
    let (name, count) = (try GatewayOptions.name(arguments), try arguments[replicas])
    let format = try arguments[OutputFormat.option]
    try GatewayOptions.run(arguments) { client in
      let answer = try await client.expect(
        .post, "/system/scale-function/\(name.name)",
        [
          "serviceName": .string(name.name), "namespace": .string(name.namespace), "replicas": .integer(Int64(count)),
        ])
      // A gateway that is not ours has no body here, and says nothing of what it made of the count.
      let said = try? answer.json()
      let inForce = said?["replicas"]?.integerValue ?? Int64(count)
      let reason = said?["reason"]?.stringValue
      let goal = inForce == 0 ? "sleep" : inForce == 1 ? "1 replica" : "\(inForce) replicas"
      let line = "\(name) goes to \(goal)"
      var members: [(key: String, value: JSON)] = [
        ("name", .string(name.qualified)), ("replicas", .integer(inForce)), ("asked", .integer(Int64(count))),
      ]
      if let reason { members.append(("reason", .string(reason))) }
      let but = inForce == count ? ", but" : ", not \(count):"
      try format.tellDone(reason.map { "\(line)\(but) \($0)" } ?? line, .object(members))
    }
  }
}
