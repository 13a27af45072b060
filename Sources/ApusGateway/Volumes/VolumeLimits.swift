import ApusArtefacts

/// Bounds of what goes in and out of volumes, each with its reason.
enum VolumeLimits {
  /// Of an archive that is put: what a message may carry, in as many files as a library of assets has.
  static var put: ArtefactLimits {
    var limits = ArtefactLimits()
    limits.entries = 100_000
    limits.fileBytes = 1 << 30
    limits.totalBytes = 1 << 30
    return limits
  }

  /// Files and folders that are listed, packed or backed up of one volume; each costs its path in memory meanwhile.
  static let entries = 500_000
  /// Folders in each other; each costs a descriptor while it is looked into.
  static let depth = 64
  /// The longest number that a tar header has room for: 11 octal digits.
  static let fileBytes = 1 << 33 - 1
}
