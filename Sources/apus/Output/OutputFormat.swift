import ApusCommandLine
import ApusJSON

/// How a command prints what it found: for people, or for programs.
enum OutputFormat: String, CaseIterable {
  case text, json

  static let option = Option.value(
    "output", short: "o", .choice(of: OutputFormat.self), default: "text", help: "How to print the result")

  static func printJSON(_ json: JSON) throws {
    try Terminal.give(text: json.serialise(format: JSONCodec.Format(pretty: true)) + [UInt8(ascii: "\n")])
  }

  /// What a verb did: a line for people on standard error, an object for programs on standard output.
  func tellDone(_ line: String, _ json: JSON) throws {
    if self == .json { return try Self.printJSON(json) }
    Terminal.note(line)
  }

  /// One of several values, on a line of its own.
  static func printLine(_ json: JSON) throws {
    try Terminal.give(text: json.serialise() + [UInt8(ascii: "\n")])
  }
}
