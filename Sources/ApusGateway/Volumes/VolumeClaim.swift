import ApusArtefacts
import ApusIO
import Glibc

/// Gives a volume to its group, with what was put into it or restored before a function had it.
enum VolumeClaim {
  /// `group` is nil where functions run as this user.
  ///
  /// The volume's own mode comes last: as long as that is `VolumeStore.unclaimedMode`, the next start does it again.
  static func claim(_ path: String, group: UInt32?) throws(SystemError) {
    let folder = try Folder.open(path: path)
    if let group {
      try give(folder, to: group)
      guard fchown(folder.descriptor.raw, 0, group) == 0 else { throw SystemError(errno, "give to its group", path) }
    }
    try folder.setMode(VolumeStore.modes.folder)
  }

  /// No function has it yet, so that nothing changes meanwhile and its depth is what we let in.
  private static func give(_ folder: borrowing Folder, to group: UInt32) throws(SystemError) {
    for name in try folder.names() {
      guard let entry = try folder.entry(name) else { continue }
      if entry.kind == .folder {
        let inner = try folder.folder(name)
        try give(inner, to: group)
        guard fchown(inner.descriptor.raw, 0, group) == 0 else {
          throw SystemError(errno, "give to its group", inner.path)
        }
        try inner.setMode(VolumeStore.modes.folder)
      } else {
        guard fchownat(folder.descriptor.raw, name, 0, group, AT_SYMLINK_NOFOLLOW) == 0 else {
          throw SystemError(errno, "give to its group", folder.subpath(name))
        }
      }
    }
  }
}
