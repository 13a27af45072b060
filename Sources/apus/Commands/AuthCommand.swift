import ApusCommandLine
import ApusHTTP
import ApusJSON

/// `apus auth`: the administrator's name and password.
enum AuthCommand {
  static let usage = Command(
    "auth", "Show where the administrator's password is, and replace it", subcommands: [show, rotate])

  private static let show = Command(
    "show", "Say who the administrator is, and which file holds the password",
    discussion: "The files of this machine's data folder; the password itself is not printed.\n\n"
      + GatewayOptions.statuses,
    options: [GatewayOptions.data, OutputFormat.option]
  ) { arguments in
    let (data, format) = (LocalData(try arguments[GatewayOptions.data]), try arguments[OutputFormat.option])
    guard let name = data.administrator else {
      throw CommandError(
        "there is no \(data.nameFile) that can be read: start the gateway once, run as the user who started it, or name"
          + " its data folder with --data")
    }
    try say(user: name, file: data.passwordFile, format)
  }

  private static let rotate = Command(
    "rotate", "Give the administrator a new password; the old one is refused from then on",
    discussion:
      "The gateway makes it and writes it into its data folder; nothing has to be started again. Who logged in"
      + " with faas-cli has to do so again.\n\n" + GatewayOptions.statuses,
    options: GatewayOptions.place + [OutputFormat.option]
  ) { arguments in
    let format = try arguments[OutputFormat.option]
    try GatewayOptions.run(arguments) { client in
      let json = try await client.expect(.post, "/system/auth/rotate").json()
      if format == .json { return try OutputFormat.printJSON(json) }
      try say(user: json["user"]?.stringValue ?? "", file: json["passwordFile"]?.stringValue ?? "", format)
    }
  }

  private static func say(user: String, file: String, _ format: OutputFormat) throws {
    if format == .json {
      return try OutputFormat.printJSON(["user": .string(user), "passwordFile": .string(file)])
    }
    Terminal.say("user      \(user)")
    Terminal.say("password  in \(file)")
  }
}
