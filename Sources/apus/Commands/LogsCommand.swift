import ApusCommandLine
import ApusJSON
import ApusModel

/// `apus logs`: what a function's replicas wrote.
enum LogsCommand {
  static let follow = Option<Bool>.flag("follow", short: "f", help: "Go on with new lines until Ctrl-C")
  static let tail = Option.optional(
    "tail", .integer(in: 1...1_000_000), help: "Only so many of the last lines that are there")
  static let usage = Command(
    "logs", "Print what a function wrote",
    discussion: GatewayOptions.statuses
      + "\n\nWith --output json each line is one object. A terminal shows characters that could steer it as \\u001b; a"
      + " pipe gets them as they are.",
    options: GatewayOptions.all + [follow, tail, OutputFormat.option], positionals: [GatewayOptions.function]
  ) { arguments in
    let (name, format) = (try GatewayOptions.name(arguments), try arguments[OutputFormat.option])
    var target = "/system/logs?name=\(name.name)&namespace=\(name.namespace)&follow=\(try arguments[follow] ? 1 : 0)"
    if let count = try arguments[tail] { target += "&tail=\(count)" }
    let query = target
    try GatewayOptions.run(arguments) { client in
      var lines = LineSplitter()
      try await client.follow(query) { bytes in
        lines.add(bytes)
        while let line = lines.next() { try give(line, format) }
      }
      let rest = lines.rest()
      if !rest.isEmpty { try give(rest, format) }
    }
  }

  private static func give(_ line: [UInt8], _ format: OutputFormat) throws {
    try Terminal.give(text: format == .json ? line + [0x0A] : text(line))
  }

  /// Time and text of one object; a line that is none is printed as it is.
  private static func text(_ line: [UInt8]) -> [UInt8] {
    guard let entry = try? JSON.parse(line), let text = entry["text"]?.stringValue else { return line + [0x0A] }
    let time = entry["timestamp"]?.stringValue ?? ""
    return Array("\(time) \(text)".utf8) + (text.utf8.last == 0x0A ? [] : [0x0A])
  }
}
