import ApusCommandLine
import ApusHTTP
import ApusJSON

/// `apus token`: create, list, revoke.
enum TokenCommand {
  static let scope = Option.repeated(
    "scope", short: "s", .choice(["deploy", "invoke", "read", "accounts"]),
    help: "What its bearer may do: deploy, invoke, read or accounts; give it again for more than one")
  static let function = Option.optional(
    "function", short: "f", .text("NAME"), help: "The one function that it is for; else it is for all")
  static let expires = Option.value(
    "expires", .text("TIME"), default: "30d", help: "How long it is good for, as 30d or 12h; never for no end")
  static let id = Positional.required("ID", .text("ID"), help: "As `apus token list` prints it")

  static let usage = Command(
    "token", "Make, list and revoke tokens, which let programs in without the administrator's password",
    subcommands: [create, list, revoke])

  private static let create = Command(
    "create", "Make a token and print it, this once",
    discussion:
      "  apus token create --scope invoke --function hello --expires 30d\n\nThe gateway keeps a hash, so nobody"
      + " can show it again. Send it as `Authorization: Bearer TOKEN`.\n\n" + GatewayOptions.statuses,
    options: GatewayOptions.all + [scope, function, expires, OutputFormat.option]
  ) { arguments in
    let (scopes, format) = (try arguments[scope], try arguments[OutputFormat.option])
    guard !scopes.isEmpty else {
      throw arguments.usageError("name at least one --scope: deploy, invoke, read or accounts")
    }
    var members: [(key: String, value: JSON)] = [
      ("scopes", .array(scopes.map { .string($0) })), ("expires", .string(try arguments[expires])),
    ]
    if let function = try arguments[function] {
      members.append(("function", .string(function)))
      members.append(("namespace", .string(try arguments[GatewayOptions.namespace])))
    }
    let body = JSON.object(members)
    try GatewayOptions.run(arguments) { client in
      let json = try await client.expect(.post, "/system/tokens", body).json()
      if let warning = json["warning"]?.stringValue { Terminal.note("apus: \(warning)") }
      if format == .json { return try OutputFormat.printJSON(json) }
      Terminal.say(json["token"]?.stringValue ?? "")
      let end = json["expiresAt"]?.stringValue.map { "good until \($0)" } ?? "good until it is revoked"
      Terminal.note("token \(json["id"]?.stringValue ?? ""), \(end); it is not shown again")
    }
  }

  private static let list = Command(
    "list", "List the tokens, without what lets their bearers in", discussion: GatewayOptions.statuses,
    options: GatewayOptions.all + [OutputFormat.option]
  ) { arguments in
    let format = try arguments[OutputFormat.option]
    try GatewayOptions.run(arguments) { client in
      let json = try await client.expect(.get, "/system/tokens").json()
      if format == .json { return try OutputFormat.printJSON(json) }
      var table = TextTable(["id", "scopes", "function", "expires", "last used"])
      for token in json.arrayValue ?? [] { table.add(row(token)) }
      for line in table.lines { Terminal.say(line) }
    }
  }

  private static func row(_ token: JSON) -> [String] {
    let scopes = (token["scopes"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ",")
    let function = token["function"]?.stringValue.map { "\($0).\(token["namespace"]?.stringValue ?? "")" }
    return [
      token["id"]?.stringValue ?? "", scopes, function ?? "all", token["expiresAt"]?.stringValue ?? "never",
      token["usedAt"]?.stringValue ?? "never",
    ]
  }

  private static let revoke = Command(
    "revoke", "Let nobody in with a token any more", discussion: GatewayOptions.statuses,
    options: GatewayOptions.all + [OutputFormat.option], positionals: [id]
  ) { arguments in
    let (id, format) = (try arguments[id], try arguments[OutputFormat.option])
    // It becomes part of a path, where a slash or a question mark would mean something else.
    guard !id.isEmpty, id.utf8.allSatisfy({ 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }) else {
      throw arguments.usageError("\(id) is no token's id: `apus token list` prints them")
    }
    try GatewayOptions.run(arguments) { client in
      try await client.expect(.delete, "/system/tokens/\(id)")
      if format == .json { return try OutputFormat.printJSON(["id": .string(id), "revoked": .bool(true)]) }
      Terminal.note("revoked \(id)")
    }
  }
}
