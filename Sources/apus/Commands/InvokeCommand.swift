import ApusCommandLine
import ApusModel

/// `apus invoke`: calls a function and prints its answer.
enum InvokeCommand {
  static let content = Option.optional(
    "body", short: "d", .text(), help: "Body of the call; - reads it from standard input")
  static let type = Option.optional("content-type", .text("TYPE"), help: "Content-Type of the body")
  /// What fits in memory on any machine; curl streams more.
  private static let inputLimit = 256 << 20

  static let usage = Command(
    "invoke", "Call a function and print its answer",
    discussion: "Exit status: 0 if the answer's status is below 400, 1 if it is not or if there was no answer,"
      + " 2 wrong command line.\n\nNo credentials are sent: functions would see them.",
    options: GatewayOptions.all + [content, type], positionals: [GatewayOptions.function]
  ) { arguments in
    let name = try GatewayOptions.name(arguments)
    let (given, type) = (try arguments[content], try arguments[type])
    let body = given == "-" ? try Terminal.readInput(limit: inputLimit) : Array((given ?? "").utf8)
    try GatewayOptions.run(arguments) { client in
      let status = try await client.call("/function/\(name.qualified)", body, type: type) { try Terminal.give($0) }
      guard status < 400 else {
        Terminal.note("apus: \(name) answered \(status)")
        throw ExitStatus(1)
      }
    }
  }
}
