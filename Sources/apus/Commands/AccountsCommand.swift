import ApusCommandLine
import ApusHTTP
import ApusJSON
import ApusModel

/// `apus accounts`: what operators do with the accounts of `authenticate`, by its own routes.
enum AccountsCommand {
  static let function = Option.value(
    "function", short: "f", .text("NAME"), default: "authenticate", help: "Function that looks after the accounts")
  static let login = Positional.required("LOGIN", .text("LOGIN"), help: "As its person writes it; case does not matter")
  static let secret = Option.required(
    "to-secret", .text("NAME"), help: "Secret with the URL of the store to move to; the function must be given it")
  static let timeout = Option.value(
    "timeout", .duration, default: "60s", help: "How long the function may take to start with the new key")
  static let noChange = Option<Bool>.flag("no-change", help: "Seal with the key that is first now; make no new one")
  private static let options = GatewayOptions.all + [function, OutputFormat.option]

  static let usage = Command(
    "accounts", "Look after the accounts of people who sign in",
    discussion: "It needs the administrator, or a token with scope accounts. " + GatewayOptions.statuses,
    subcommands: [list, show, disable, enable, reset, export, purge, rotate, migrate])

  private static let list = Command(
    "list", "List accounts, by login", discussion: GatewayOptions.statuses, options: options
  ) { arguments in
    let (root, format) = (try root(arguments), try arguments[OutputFormat.option])
    try GatewayOptions.run(arguments) { client in
      var all: [JSON] = []
      var last = ""
      while true {
        let page = try await client.expect(.get, "\(root)/accounts?after=\(QueryText.encode(last))").json()
        guard let accounts = page.arrayValue, let end = accounts.last?["folded"]?.stringValue, end > last else { break }
        all += accounts
        last = end
      }
      if format == .json { return try OutputFormat.printJSON(.array(all)) }
      var table = TextTable(["login", "state", "expires", "last sign-in", "account"])
      for account in all { table.add(row(account)) }
      for line in table.lines { Terminal.say(line) }
    }
  }

  private static func row(_ account: JSON) -> [String] {
    [
      account["login"]?.stringValue ?? "", account["state"]?.stringValue ?? "",
      account["credentials_expire_at"]?.stringValue ?? "never", account["last_sign_in"]?.stringValue ?? "never",
      account["account_id"]?.stringValue ?? "",
    ]
  }

  private static let show = one("show", "Describe an account", .get, "")
  private static let disable = one(
    "disable", "Let nobody sign in to an account, and end its sessions", .post, "/disable")
  private static let enable = one(
    "enable", "Let an account's person sign in again, and forget failures", .post, "/enable")

  private static func one(_ name: String, _ summary: String, _ method: Method, _ verb: String) -> Command {
    Command(
      name, summary, discussion: GatewayOptions.statuses, options: options, positionals: [login]
    ) { arguments in
      let (path, format) = (try path(arguments) + verb, try arguments[OutputFormat.option])
      try GatewayOptions.run(arguments) { client in
        let account = try await client.expect(method, path).json()
        if format == .json { return try OutputFormat.printJSON(account) }
        for (name, value) in account.objectValue ?? [] { Terminal.say("\(name): \(text(value))") }
      }
    }
  }

  private static func text(_ value: JSON) -> String {
    switch value {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .bool(let flag): flag ? "yes" : "no"
    default: "-"
    }
  }

  private static let reset = Command(
    "reset", "Print a link by which an account's person gets new credentials, once",
    discussion: "The old ones stay good until the new ones are first used. Hand the link to nobody else.\n\n"
      + GatewayOptions.statuses, options: options, positionals: [login]
  ) { arguments in
    let (path, format) = (try path(arguments), try arguments[OutputFormat.option])
    try GatewayOptions.run(arguments) { client in
      let answer = try await client.expect(.post, "\(path)/reset").json()
      if format == .json { return try OutputFormat.printJSON(answer) }
      Terminal.say(answer["claim"]?["url"]?.stringValue ?? "")
      Terminal.note("good once, until \(answer["claim"]?["expires_at"]?.stringValue ?? ""); it is not shown again")
    }
  }

  private static let export = Command(
    "export", "Print all that is kept about a person, as JSON", discussion: GatewayOptions.statuses,
    options: options, positionals: [login]
  ) { arguments in
    let path = try path(arguments)
    try GatewayOptions.run(arguments) { client in
      try OutputFormat.printJSON(try await client.expect(.get, "\(path)/export").json())
    }
  }

  private static let purge = Command(
    "purge", "Remove an account and all that is recorded of it; that somebody was removed stays on record",
    discussion: GatewayOptions.statuses, options: options, positionals: [login]
  ) { arguments in
    let (path, format) = (try path(arguments), try arguments[OutputFormat.option])
    let login = try arguments[login]
    try GatewayOptions.run(arguments) { client in
      let answer = try await client.expect(.delete, path).json()
      if format == .json { return try OutputFormat.printJSON(answer) }
      Terminal.note("purged \(login)")
    }
  }

  private static let rotate = Command(
    "rotate", "Replace the key of accounts: a new one, everything sealed with it, the old one gone",
    discussion: "The gateway makes the key, in the secret accounts-key, and both functions start anew with it. Tokens"
      + " that the old key signed end; people stay signed in by their refresh tokens. With --no-change the fields are"
      + " sealed with the key that is first now, and the secret stays as it is.\n\n" + GatewayOptions.statuses,
    options: options + [noChange, timeout]
  ) { arguments in
    let (root, format) = (try root(arguments), try arguments[OutputFormat.option])
    let (name, limit) = (try arguments[function], try arguments[timeout])
    let (namespace, changesKey) = (try arguments[GatewayOptions.namespace], try !arguments[noChange])
    try GatewayOptions.run(arguments) { client in
      let rotation = KeyRotation(
        client: client, root: root, namespace: namespace, function: name, limit: limit)
      let answer = try await rotation.run(changesKey: changesKey)
      if format == .json { return try OutputFormat.printJSON(answer) }
      let counts = "\(text(answer["sealed"] ?? .null)) fields of \(text(answer["accounts"] ?? .null)) accounts"
      Terminal.note("sealed anew: \(counts); all are sealed with key \(text(answer["key"] ?? .null))")
    }
  }

  private static let migrate = Command(
    "migrate", "Copy all accounts to another store, and count them there",
    discussion:
      "The secret names the store; no URL is given here, where others on the machine could read it. Nothing is"
      + " removed. Afterwards put that URL into accounts-url.\n\n" + GatewayOptions.statuses,
    options: options + [secret]
  ) { arguments in
    let (root, format) = (try root(arguments), try arguments[OutputFormat.option])
    let body = JSON.object([("to_secret", .string(try arguments[secret]))])
    try GatewayOptions.run(arguments) { client in
      let answer = try await client.expect(.post, "\(root)/migrate", body).json()
      if format == .json { return try OutputFormat.printJSON(answer) }
      let events = text(answer["events"] ?? .null)
      Terminal.note("copied and counted: \(text(answer["accounts"] ?? .null)) accounts, \(events) events")
    }
  }

  // MARK: - Paths

  private static func root(_ arguments: ParsedArguments) throws -> String {
    let (text, namespace) = (try arguments[function], try arguments[GatewayOptions.namespace])
    do throws(NameError) {
      return "/function/\(try FunctionName(text, default: namespace).qualified)/admin"
    } catch {
      throw arguments.usageError("\(error)")
    }
  }

  private static func path(_ arguments: ParsedArguments) throws -> String {
    let login = try arguments[login]
    // No login has one, and in a path it would divide.
    guard !login.isEmpty, !login.utf8.contains(UInt8(ascii: "/")) else {
      throw arguments.usageError("\(login) is no login")
    }
    return "\(try root(arguments))/accounts/\(QueryText.encode(login))"
  }
}
