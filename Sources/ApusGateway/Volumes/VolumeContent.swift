import ApusArtefacts
import ApusIO
import Glibc

/// What is at a path of a volume, opened for reading.
enum VolumeContent: Sendable {
  case file(OpenFile, byteCount: Int)
  case folder(OpenFolder)

  init(_ volume: VolumeName, _ text: String?, in store: VolumeStore) throws(VolumeError) {
    let folder = try store.folder(of: volume)
    let path = try VolumeStore.path(text ?? "")
    guard let name = path.components.last else {
      self = .folder(OpenFolder(folder))
      return
    }
    let parent = try VolumeStore.parent(of: path, in: folder, volume)
    do throws(SystemError) {
      switch try parent.entry(name)?.kind {
      case .folder: self = .folder(OpenFolder(try parent.folder(name)))
      case .file:
        let file = OpenFile(try parent.file(name))
        // It may have been changed for something else meanwhile.
        guard let count = try file.regularByteCount() else { throw SystemError(EINVAL, "read", path.text) }
        self = .file(file, byteCount: count)
      case nil: throw SystemError(ENOENT, "read", path.text)
      case .link, .other: throw SystemError(EINVAL, "read", path.text)
      }
    } catch {
      switch error.code {
      case ENOENT: throw .noFile(volume, path.text)
      case EINVAL, ELOOP: throw .unsuitable(volume, path.text)
      default: throw .system(error)
      }
    }
  }
}

/// A folder that several may hold, on any thread.
final class OpenFolder: Sendable {
  let folder: Folder

  init(_ folder: consuming Folder) {
    self.folder = folder
  }
}

/// A file that several may hold, on any thread; read from wherever it is asked to be.
final class OpenFile: Sendable {
  private let descriptor: Descriptor

  init(_ descriptor: consuming Descriptor) {
    self.descriptor = descriptor
  }

  /// Nil for what is no file.
  func regularByteCount() throws(SystemError) -> Int? {
    var status = stat()
    guard fstat(descriptor.raw, &status) == 0 else { throw SystemError(errno, "look at", "a file") }
    return status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  var isExecutable: Bool {
    var status = stat()
    return fstat(descriptor.raw, &status) == 0 && status.st_mode & 0o100 != 0
  }

  /// At most `count` bytes from `offset` on; none at the end.
  func read(_ count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
    var failure: CInt = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(descriptor.raw, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        guard got > 0 else { return }
        filled += got
      }
    }
    guard failure == 0 else { throw SystemError(failure, "read", "a file") }
    return bytes
  }
}
