internal import ApusIO
internal import CFiles
internal import Glibc

/// An open folder, and the calls that work relative to it: none follows a symbolic link.
struct Folder: ~Copyable, Sendable {
  let descriptor: Descriptor
  /// For messages, and for whoever mounts or starts what is in it.
  let path: String

  private static let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

  private init(_ descriptor: consuming Descriptor, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Opens a folder by its whole path, where links are followed: who names it may choose.
  static func open(path: String) throws(SystemError) -> Folder {
    let raw = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard raw >= 0 else { throw SystemError(errno, "open the folder", path) }
    return Folder(Descriptor(owning: raw), path: path)
  }

  /// Another descriptor of the same folder.
  func reopened() throws(SystemError) -> Folder {
    let raw = openat(descriptor.raw, ".", Self.flags)
    guard raw >= 0 else { throw SystemError(errno, "open the folder", path) }
    return Folder(Descriptor(owning: raw), path: path)
  }

  func subpath(_ name: String) -> String { "\(path)/\(name)" }

  /// Opens a folder in this one. A link in its place is an error (ELOOP or ENOTDIR, open(2), O_NOFOLLOW).
  func folder(_ name: String) throws(SystemError) -> Folder {
    let raw = openat(descriptor.raw, name, Self.flags)
    guard raw >= 0 else { throw SystemError(errno, "open the folder", subpath(name)) }
    return Folder(Descriptor(owning: raw), path: subpath(name))
  }

  /// As `folder`; nil if nothing is there.
  func folder(ifPresent name: String) throws(SystemError) -> Folder? {
    do throws(SystemError) {
      return try folder(name)
    } catch {
      guard error.code == ENOENT else { throw error }
      return nil
    }
  }

  /// Opens a folder in this one and makes it where it isn't. `mode` counts whatever the umask is.
  func folder(_ name: String, orMakeWith mode: mode_t) throws(SystemError) -> Folder {
    guard mkdirat(descriptor.raw, name, 0o700) == 0 else {
      guard errno == EEXIST else { throw SystemError(errno, "make the folder", subpath(name)) }
      return try folder(name)
    }
    let made = try folder(name)
    try made.setMode(mode)
    return made
  }

  func setMode(_ mode: mode_t) throws(SystemError) {
    guard fchmod(descriptor.raw, mode) == 0 else { throw SystemError(errno, "set the mode of", path) }
  }

  /// Makes a file that isn't there yet.
  func newFile(_ name: String, mode: mode_t) throws(SystemError) -> Descriptor {
    let raw = openat(descriptor.raw, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard raw >= 0 else { throw SystemError(errno, "make the file", subpath(name)) }
    let file = Descriptor(owning: raw)
    guard fchmod(raw, mode) == 0 else { throw SystemError(errno, "set the mode of", subpath(name)) }
    return file
  }

  /// Opens what is there for reading; without a wait where it is a pipe.
  func file(_ name: String) throws(SystemError) -> Descriptor {
    let raw = openat(descriptor.raw, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard raw >= 0 else { throw SystemError(errno, "open the file", subpath(name)) }
    return Descriptor(owning: raw)
  }

  /// What is there, links themselves included; nil if nothing is.
  func entry(_ name: String) throws(SystemError) -> FolderEntry? {
    var status = stat()
    guard fstatat(descriptor.raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      guard errno == ENOENT else { throw SystemError(errno, "look at", subpath(name)) }
      return nil
    }
    return FolderEntry(status)
  }

  /// The text of a link; nil if nothing is there.
  func link(_ name: String) throws(SystemError) -> String? {
    try withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { (bytes) throws(SystemError) in
      guard let base = bytes.baseAddress else { return nil }
      let count = readlinkat(descriptor.raw, name, base.assumingMemoryBound(to: CChar.self), bytes.count)
      guard count >= 0 else {
        guard errno == ENOENT else { throw SystemError(errno, "read the link", subpath(name)) }
        return nil
      }
      return String(decoding: bytes[..<count], as: UTF8.self)
    }
  }

  func makeLink(_ name: String, to target: String) throws(SystemError) {
    guard symlinkat(target, descriptor.raw, name) == 0 else { throw SystemError(errno, "make the link", subpath(name)) }
  }

  /// Moves `name` from here into `other`, in place of what has its name there.
  func move(_ name: String, to other: borrowing Folder, as newName: String) throws(SystemError) {
    guard renameat(descriptor.raw, name, other.descriptor.raw, newName) == 0 else {
      throw SystemError(errno, "move \(subpath(name)) to", other.subpath(newName))
    }
  }

  /// False if nothing is there.
  func unlink(_ name: String) throws(SystemError) -> Bool {
    guard unlinkat(descriptor.raw, name, 0) == 0 else {
      guard errno == ENOENT else { throw SystemError(errno, "remove", subpath(name)) }
      return false
    }
    return true
  }

  /// Not an error: something is in it.
  func removeIfEmpty(_ name: String) throws(SystemError) {
    guard unlinkat(descriptor.raw, name, AT_REMOVEDIR) == 0 else {
      guard errno == ENOTEMPTY || errno == EEXIST || errno == ENOENT else {
        throw SystemError(errno, "remove the folder", subpath(name))
      }
      return
    }
  }

  /// Puts the folder's own table of names on disk.
  func sync() throws(SystemError) {
    guard fsync(descriptor.raw) == 0 else { throw SystemError(errno, "write to disk", path) }
  }

  /// Puts everything on disk that was written to the file system under the folder.
  func syncFileSystem() throws(SystemError) {
    let code = apus_sync_filesystem(descriptor.raw)
    guard code == 0 else { throw SystemError(code, "write to disk what is in", path) }
  }
}

/// What a name in a folder stands for.
struct FolderEntry {
  enum Kind {
    case file, folder, link, other
  }

  let kind: Kind
  let byteCount: Int
  /// For its owner.
  let isExecutable: Bool

  init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .other
      }
    byteCount = Int(status.st_size)
    isExecutable = status.st_mode & 0o100 != 0
  }
}
