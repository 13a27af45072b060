import ApusCommandLine
import ApusHTTP
import ApusJSON
import ApusModel

/// `apus secret`: create, update, list, remove. A value is never an argument: those can be seen by every user.
enum SecretCommand {
  static let name = Positional.required("SECRET", .text("NAME"), help: "Name of the secret")
  static let file = Option.optional("from-file", .file(), help: "Take the value from a file, not standard input")
  /// Above what a gateway stores.
  private static let valueLimit = 4 << 20

  static let usage = Command(
    "secret", "Keep values that functions may read and nobody else may",
    subcommands: [
      setting("create", "Create a secret from standard input or a file", .post),
      setting("update", "Give a secret a new value from standard input or a file", .put), list, remove,
    ])

  private static func setting(_ verb: String, _ abstract: String, _ method: Method) -> Command {
    Command(
      verb, abstract,
      discussion: "  printf %s \"$TOKEN\" | apus secret \(verb) api-token\n\nThe value is taken byte for byte, a last"
        + " line's end included.\n\n" + GatewayOptions.statuses,
      options: GatewayOptions.all + [file, OutputFormat.option], positionals: [name]
    ) { arguments in
      let (name, namespace) = (try secretName(arguments), try arguments[GatewayOptions.namespace])
      let format = try arguments[OutputFormat.option]
      let value =
        if let path = try arguments[file] {
          try Terminal.readFile(path, limit: valueLimit)
        } else {
          try Terminal.readInput(limit: valueLimit)
        }
      guard !value.isEmpty else {
        throw CommandError("the value of \(name) is empty: give it on standard input or with --from-file")
      }
      try GatewayOptions.run(arguments) { client in
        try await client.expect(
          method, "/system/secrets",
          [
            "name": .string(name.text), "namespace": .string(namespace), "rawValue": .string(Base64.encode(value)),
          ])
        try format.tellDone("\(verb)d \(name)", ["\(verb)d": .string(name.text), "namespace": .string(namespace)])
      }
    }
  }

  private static let list = Command(
    "list", "List the names of secrets", discussion: GatewayOptions.statuses,
    options: GatewayOptions.all + [OutputFormat.option]
  ) { arguments in
    let (namespace, format) = (try arguments[GatewayOptions.namespace], try arguments[OutputFormat.option])
    try GatewayOptions.run(arguments) { client in
      let json = try await client.expect(.get, "/system/secrets?namespace=\(namespace)").json()
      if format == .json { return try OutputFormat.printJSON(json) }
      for secret in json.arrayValue ?? [] { Terminal.say(secret["name"]?.stringValue ?? "") }
    }
  }

  private static let remove = Command(
    "remove", "Remove a secret", discussion: GatewayOptions.statuses,
    options: GatewayOptions.all + [OutputFormat.option],
    positionals: [name]
  ) { arguments in
    let (name, namespace) = (try secretName(arguments), try arguments[GatewayOptions.namespace])
    let format = try arguments[OutputFormat.option]
    try GatewayOptions.run(arguments) { client in
      try await client.expect(
        .delete, "/system/secrets", ["name": .string(name.text), "namespace": .string(namespace)])
      try format.tellDone("removed \(name)", ["removed": .string(name.text), "namespace": .string(namespace)])
    }
  }

  private static func secretName(_ arguments: ParsedArguments) throws -> SecretName {
    let text = try arguments[name]
    do throws(NameError) {
      return try SecretName(text)
    } catch {
      throw arguments.usageError("\(error)")
    }
  }
}
