package import ApusArtefacts
import ApusIO
import ApusModel
import Glibc

/// The volumes below `DIR/volumes`, as `NAMESPACE/NAME`: folders that functions write to as they like.
///
/// So what is found in one is not to be trusted: every step goes through the folder before it and follows no link. All
/// calls block on the disk.
package struct VolumeStore: Sendable {
  package let path: String

  /// A volume that no function has had yet. Its group is given at the first start of one that names it.
  static let unclaimedMode: mode_t = 0o700
  /// Of what is put into a volume: its functions may have it, others may not.
  package static let modes = TreeUnpacking.Modes(folder: 0o2770, file: 0o660, executable: 0o770)

  package init(path: String) {
    self.path = path
  }

  package struct Entry: Sendable {
    package let name: String
    package let files: Int
    package let bytes: Int
  }

  /// The volumes of a namespace, by name.
  package func list(namespace: String) throws(VolumeError) -> [Entry] {
    do throws(SystemError) {
      guard let all = try root(), let folder = try all.folder(ifPresent: namespace) else { return [] }
      var entries: [Entry] = []
      for name in try folder.names().sorted() where try folder.entry(name)?.kind == .folder {
        let plan = try TreePlan(of: folder.folder(name), below: "")
        entries.append(Entry(name: name, files: plan.fileCount, bytes: plan.byteCount))
      }
      return entries
    } catch {
      throw .system(error)
    }
  }

  /// The folder of a volume that is there.
  package func folder(of volume: VolumeName) throws(VolumeError) -> Folder {
    do throws(SystemError) {
      if let all = try root(), let namespace = try all.folder(ifPresent: volume.namespace),
        let folder = try namespace.folder(ifPresent: volume.name)
      {
        return folder
      }
    } catch {
      throw .system(error)
    }
    throw .noVolume(volume)
  }

  /// The same, made where it isn't.
  package func folder(orMake volume: VolumeName) throws(VolumeError) -> Folder {
    do throws(SystemError) {
      guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SystemError(errno, "make the folder", path) }
      let namespace = try Folder.open(path: path).folder(volume.namespace, orMakeWith: 0o700)
      return try namespace.folder(volume.name, orMakeWith: VolumeStore.unclaimedMode)
    } catch {
      throw .system(error)
    }
  }

  /// Removes what is at `path` in the volume, with all that is in it; the volume itself without one.
  package func remove(_ volume: VolumeName, _ path: String?) throws(VolumeError) {
    let folder = try folder(of: volume)
    guard let path, let name = try VolumeStore.path(path).components.last else {
      return try removeWhole(volume)
    }
    let parent = try VolumeStore.parent(of: VolumeStore.path(path), in: folder, volume)
    do throws(SystemError) {
      if try parent.entry(name) != nil { return try parent.removeTree(name) }
    } catch {
      throw .system(error)
    }
    throw .noFile(volume, path)
  }

  private func removeWhole(_ volume: VolumeName) throws(VolumeError) {
    do throws(SystemError) {
      let namespace = try root()?.folder(ifPresent: volume.namespace)
      try namespace?.removeTree(volume.name)
    } catch {
      throw .system(error)
    }
  }

  private func root() throws(SystemError) -> Folder? {
    do throws(SystemError) {
      return try Folder.open(path: path)
    } catch {
      guard error.code == ENOENT else { throw error }
      return nil
    }
  }

  // MARK: - Paths in a volume

  /// A path as callers write it; a slash at its front is the volume's own root.
  static func path(_ text: String) throws(VolumeError) -> TarPath {
    do throws(TarError.Reason) {
      let bytes = Array(text.utf8.drop { $0 == UInt8(ascii: "/") })
      return try TarPath(bytes.isEmpty ? Array(".".utf8) : bytes, limits: VolumeLimits.put)
    } catch {
      throw .path(text, error)
    }
  }

  /// The folder that holds what is at `path`, which must be there.
  static func parent(
    of path: TarPath, in folder: borrowing Folder, _ volume: VolumeName
  ) throws(VolumeError) -> Folder {
    do throws(SystemError) {
      var current = try folder.reopened()
      for name in path.components.dropLast() { current = try current.folder(name) }
      return current
    } catch {
      guard error.code == ENOENT else { throw .system(error) }
      throw .noFile(volume, path.text)
    }
  }
}
