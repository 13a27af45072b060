import ApusCommandLine
import ApusHTTP
import ApusJSON
import ApusModel

/// `apus namespace`: the rooms that functions, secrets, volumes and artefacts are in.
enum NamespaceCommand {
  static let name = Positional.required("NAMESPACE", .text("NAME"), help: "Name of the namespace")
  static let label = Option.repeated("label", .text("KEY=VALUE"), help: "A label; give it again for more")
  static let annotation = Option.repeated(
    "annotation", .text("KEY=VALUE"), help: "An annotation; give it again for more")

  static let usage = Command(
    "namespace", "Make, list, show and remove namespaces, in which names are apart",
    subcommands: [list, create, show, remove])

  private static let list = Command(
    "list", "List the names of all namespaces", discussion: GatewayOptions.statuses,
    options: GatewayOptions.place + [OutputFormat.option]
  ) { arguments in
    let format = try arguments[OutputFormat.option]
    try GatewayOptions.run(arguments) { client in
      let json = try await client.expect(.get, "/system/namespaces").json()
      if format == .json { return try OutputFormat.printJSON(json) }
      for name in (json.arrayValue ?? []).compactMap(\.stringValue) { Terminal.say(name) }
    }
  }

  private static let create = Command(
    "create", "Make a namespace",
    discussion:
      "  apus namespace create dev\n  apus deploy -f stack.yml     with namespace: dev in it\n\nLabels and annotations"
      + " are kept for whoever asks; Apus acts upon none.\n\n" + GatewayOptions.statuses,
    options: GatewayOptions.place + [label, annotation, OutputFormat.option], positionals: [name]
  ) { arguments in
    let (name, format) = (try checkedName(arguments), try arguments[OutputFormat.option])
    var members: [(key: String, value: JSON)] = [("name", .string(name))]
    for (key, pairs) in [("labels", try arguments[label]), ("annotations", try arguments[annotation])]
    where !pairs.isEmpty {
      members.append((key, try map(pairs, arguments)))
    }
    let body = JSON.object(members)
    try GatewayOptions.run(arguments) { client in
      try await client.expect(.post, "/system/namespace/", body)
      try format.tellDone("created \(name)", ["created": .string(name)])
    }
  }

  private static let show = Command(
    "show", "Show a namespace with its labels and annotations", discussion: GatewayOptions.statuses,
    options: GatewayOptions.place + [OutputFormat.option], positionals: [name]
  ) { arguments in
    let (name, format) = (try checkedName(arguments), try arguments[OutputFormat.option])
    try GatewayOptions.run(arguments) { client in
      let json = try await client.expect(.get, "/system/namespace/\(name)").json()
      if format == .json { return try OutputFormat.printJSON(json) }
      Terminal.say(json["name"]?.stringValue ?? name)
      for (word, key) in [("label", "labels"), ("annotation", "annotations")] {
        for (key, value) in json[key]?.objectValue ?? [] {
          Terminal.say("  \(word) \(key): \(value.stringValue ?? "")")
        }
      }
    }
  }

  private static let remove = Command(
    "remove", "Remove a namespace in which nothing is left", discussion: GatewayOptions.statuses,
    options: GatewayOptions.place + [OutputFormat.option], positionals: [name]
  ) { arguments in
    let (name, format) = (try checkedName(arguments), try arguments[OutputFormat.option])
    try GatewayOptions.run(arguments) { client in
      try await client.expect(.delete, "/system/namespace/\(name)")
      try format.tellDone("removed \(name)", ["removed": .string(name)])
    }
  }

  /// It becomes part of a path, where a slash or a question mark would mean something else.
  private static func checkedName(_ arguments: ParsedArguments) throws -> String {
    let text = try arguments[name]
    do throws(NameError) {
      try DNSName.checkLabel(text, subject: "namespace")
    } catch {
      throw arguments.usageError("\(error)")
    }
    return text
  }

  private static func map(_ pairs: [String], _ arguments: ParsedArguments) throws -> JSON {
    .object(
      try pairs.map { pair in
        guard let equals = pair.firstIndex(of: "="), equals != pair.startIndex else {
          throw arguments.usageError("\(QuotedText(pair)) has no key and value: write KEY=VALUE")
        }
        return (String(pair[..<equals]), .string(String(pair[pair.index(after: equals)...])))
      })
  }
}
