import ApusCommandLine
import ApusIO
import ApusJSON
import Glibc

/// `apus backup`: everything that a gateway keeps, in one file, while it goes on.
enum BackupCommand {
  static let file = Positional.required(
    "FILE", .file(), help: "File to make, which must not be there yet; - writes to standard output")
  static let withKey = Option.optional(
    "with-key", .file(), help: "Also save the gateway's key, which opens the secrets, to a file of its own")
  static let usage = Command(
    "backup", "Save everything that a gateway keeps to a file, while it goes on",
    discussion:
      "  apus backup apus.tar --with-key apus.key\n  apus backup - | ssh other 'cat > apus.tar'\n\nThe file"
      + " is a tar archive of deployments, sealed secrets, tokens, the administrator's credentials, artefacts and"
      + " volumes; SQLite files are copied by SQLite, so that each is of one moment. Logs are not in it, and never the"
      + " key that opens the secrets: --with-key saves it apart, on the gateway's machine and as a user who may read"
      + " its data folder. Without it they stay closed after a restore.\n\n"
      + GatewayOptions.statuses,
    options: GatewayOptions.place + [withKey, OutputFormat.option], positionals: [file]
  ) { arguments in
    let (path, keyPath) = (try arguments[file], try arguments[withKey])
    let (data, format) = (LocalData(try arguments[GatewayOptions.data]), try arguments[OutputFormat.option])
    guard keyPath != "-" else {
      throw arguments.usageError("the key goes to a file of its own: name one with --with-key")
    }
    guard path != "-" || format == .text else {
      throw arguments.usageError(
        "standard output has the backup, and no room for JSON: name a file, or leave --output out")
    }
    // First what is most likely not to be allowed.
    let key = try keyPath.map { _ in try readKey(data) }
    if let keyPath, access(keyPath, F_OK) == 0 || keyPath == path {
      throw CommandError("the key's file must be new, and not the backup's: name another than \(keyPath)")
    }
    try GatewayOptions.run(arguments) { client in
      let result = try await save(path, client)
      if let key, let keyPath {
        let file = try NewPrivateFile(keyPath)
        try key.withUnsafeBytes { try file.write($0) }
        try file.finish()
      }
      for path in result.leftOut {
        Terminal.note("left out: \(path) (a link, a device, a file too large, or gone meanwhile)")
      }
      if format == .json {
        return try OutputFormat.printJSON([
          "file": .string(path), "bytes": .integer(Int64(result.bytes)), "files": .integer(Int64(result.files)),
          "key": keyPath.map { .string($0) } ?? .null, "left_out": .array(result.leftOut.map { .string($0) }),
        ])
      }
      // Standard output may have the backup.
      let say = path == "-" ? Terminal.note : Terminal.say
      say("\(path == "-" ? "written" : path): \(result.files) files, \(Terminal.bytes(result.bytes))")
      if let keyPath { return say("\(keyPath): the key to its secrets; keep the two apart") }
      Terminal.note("the key to its secrets is not in it: --with-key FILE saves it apart")
    }
  }

  private static func readKey(_ data: LocalData) throws -> [UInt8] {
    do {
      return try Terminal.readFile(data.keyFile, limit: 65_536)
    } catch {
      throw CommandError(
        "\(error). The key never leaves by the gateway: run this on its machine, as the user who started it, and name"
          + " its data folder with --data")
    }
  }

  private static func save(
    _ path: String, _ client: GatewayClient
  ) async throws -> (files: Int, bytes: Int, leftOut: [String]) {
    var target = try BackupTarget(path)
    let nothing = path == "-" ? "What was written is none" : "Nothing was saved"
    var reader = BackupReader()
    defer { Terminal.progress(nil) }
    try await client.follow("/system/backup") { bytes in
      try target.write(bytes)
      do {
        try reader.take(bytes)
      } catch {
        throw CommandError("the gateway's answer is no backup: \(error). \(nothing)")
      }
      Terminal.progress("saving \(path): \(Terminal.bytes(reader.bytes))")
    }
    let leftOut: [String]
    do {
      leftOut = try reader.finish()
    } catch {
      throw CommandError("the backup is not whole: \(error). \(nothing); the gateway's log may say why")
    }
    try target.finish()
    return (reader.files, reader.bytes, leftOut)
  }
}
