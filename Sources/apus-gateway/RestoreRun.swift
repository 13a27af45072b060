import ApusCommandLine
import ApusGateway
import ApusIO
import ApusTelemetry

/// Another life of this program: it makes a data folder of a backup, and ends. `apus restore` starts it so.
struct RestoreRun {
  static let archive = Option.optional(
    "restore", .file(), help: "Make the data folder of a backup, and end; nothing is served")
  static let key = Option.optional("restore-key", .file(), help: "With --restore, the gateway's key of that time")
  static let replace = Option<Bool>.flag(
    "restore-replaces", help: "With --restore, move aside what is in the data folder")
  static let options: [any ArgumentDeclaration] = [archive, key, replace]

  private let archive: String
  private let key: String?
  private let folder: String
  private let replaces: Bool

  /// Nil if this is no restore.
  init?(_ arguments: ParsedArguments) throws {
    key = try arguments[Self.key]
    replaces = try arguments[Self.replace]
    folder = try arguments[GatewayCommand.data] ?? DataFolder.usual
    guard let archive = try arguments[Self.archive] else {
      guard key == nil, !replaces else {
        throw arguments.usageError("--restore-key and --restore-replaces belong to --restore FILE")
      }
      return nil
    }
    self.archive = archive
  }

  func run() throws {
    let log = Log(LogDestination(level: .info, format: .suiting(2, isColourRefused: false)))
    let outcome = try Restoration(of: archive, into: folder).run(key: key, replaces: replaces)
    for secret in outcome.unopenable {
      log.warning(
        "a secret can't be opened without its key",
        ["secret": .string(secret.name), "namespace": .string(secret.namespace)])
    }
    for path in outcome.leftOut { log.warning("the backup had to leave this out", ["path": .string(path)]) }
    log.info(
      "restored",
      [
        "data": .string(folder), "functions": .integer(outcome.functions), "previous": .string(outcome.previous ?? ""),
      ])
  }
}
