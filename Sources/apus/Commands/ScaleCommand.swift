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
      try await client.expect(
        .post, "/system/scale-function/\(name.name)",
        [
          "serviceName": .string(name.name), "namespace": .string(name.namespace), "replicas": .integer(Int64(count)),
        ])
      try format.tellDone(
        count == 0 ? "\(name) goes to sleep" : "\(name) goes to \(count) replicas",
        ["name": .string(name.qualified), "replicas": .integer(Int64(count))])
    }
  }
}
