import ApusArtefacts
import ApusIO
import Glibc
import Synchronization

/// What is put into a volume while it comes: one file, or the files of an archive. Each appears whole.
final class VolumeIntake: Sendable {
  private enum Target: ~Copyable {
    case archive(TreeUnpacking)
    case file(VolumeFile)
  }
  /// Nil once it has ended, or failed.
  private let target: Mutex<Target?>

  init(_ volume: VolumeName, _ text: String, isArchive: Bool, in store: VolumeStore) throws(VolumeError) {
    let path = try VolumeStore.path(text)
    guard isArchive || !path.isRoot else { throw .path(text, .emptyPath) }
    let folder = try store.folder(orMake: volume)
    do throws(SystemError) {
      var current = try folder.reopened()
      for name in isArchive ? path.components[...] : path.components.dropLast() {
        current = try current.folder(name, orMakeWith: VolumeStore.modes.folder)
      }
      if isArchive {
        target = Mutex(
          .archive(TreeUnpacking(into: current, limits: VolumeLimits.put) { _ in VolumeStore.modes }))
      } else {
        target = Mutex(.file(try VolumeFile(path.components.last ?? "", in: current)))
      }
    } catch {
      throw .system(error)
    }
  }

  func take(_ bytes: [UInt8]) throws(VolumeError) {
    try target.withLock { target throws(VolumeError) in
      switch target.take() {
      case .archive(var tree):
        do {
          try bytes.withUnsafeBytes { bytes in try tree.take(bytes) }
        } catch let error as TreeError {
          throw VolumeError(error)
        } catch {
          throw .system(SystemError(EIO, "unpack into", "a volume"))
        }
        target = .archive(tree)
      case .file(var file):
        try file.write(bytes)
        target = .file(file)
      case nil: break
      }
    }
  }

  /// How many files, and bytes.
  func finish() throws(VolumeError) -> (files: Int, bytes: Int) {
    try target.withLock { target throws(VolumeError) in
      switch target.take() {
      case .archive(var tree):
        do throws(TreeError) {
          try tree.finish()
        } catch {
          throw VolumeError(error)
        }
        return (tree.files, tree.bytes)
      case .file(let file): return (1, try file.finish())
      case nil: return (0, 0)
      }
    }
  }
}
