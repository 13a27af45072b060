import ApusArtefacts

/// What a backup is: a tar archive of the data folder, less what is made anew and what must not travel with it.
///
///     backup.json                     format and time
///     state/apus.db                   SQLite's own copy
///     auth/…                          the administrator's credentials
///     artefacts/.content/SHA256/…     what tags refer to
///     artefacts/NAMESPACE/NAME/TAG    a file with that SHA256, where the data folder has a link
///     volumes/NAMESPACE/NAME/…        SQLite files among them as SQLite copies them
///     report.json                     what was left out; its being there says that the archive is whole
///
/// Not in it: `state/key` (it opens the secrets, so it travels apart), logs, `run`, and the numbers of users and
/// groups, which are given anew.
enum BackupLayout {
  static let format: Int64 = 1
  static let head = "backup.json"
  static let database = "state/apus.db"
  static let report = "report.json"

  static let folders = ["state", "auth", "artefacts", "volumes"]

  /// Of an archive that is restored: who restores it trusts it, so these only end what can't be one.
  static var limits: ArtefactLimits {
    var limits = ArtefactLimits()
    limits.entries = 5_000_000
    limits.fileBytes = VolumeLimits.fileBytes
    limits.totalBytes = 1 << 44
    limits.pathBytes += 512
    limits.depth += 16
    return limits
  }

  /// As the gateway makes them itself.
  static func modes(of path: TarPath) -> TreeUnpacking.Modes {
    let parts = path.components
    return switch (parts.first, parts.count) {
    // The volume itself, and the two folders around it: see VolumeStore.unclaimedMode.
    case ("volumes", ...3): TreeUnpacking.Modes(folder: 0o700, file: 0o600, executable: 0o600)
    case ("volumes", _): VolumeStore.modes
    case ("artefacts", 1): TreeUnpacking.Modes(folder: 0o711, file: 0o600, executable: 0o600)
    case ("artefacts", 2) where parts[1] == ".content":
      TreeUnpacking.Modes(folder: 0o711, file: 0o600, executable: 0o600)
    case ("artefacts", _) where parts[1] == ".content":
      TreeUnpacking.Modes(folder: 0o755, file: 0o644, executable: 0o755)
    default: TreeUnpacking.Modes(folder: 0o700, file: 0o600, executable: 0o600)
    }
  }
}
