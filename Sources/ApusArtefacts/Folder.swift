package import ApusIO
internal import CFiles
package import Glibc

/// An open folder, and the calls that work relative to it: none follows a symbolic link.
package struct Folder: ~Copyable, Sendable {
  package let descriptor: Descriptor
  /// For messages, and for whoever mounts or starts what is in it.
  package let path: String

  private static let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

  private init(_ descriptor: consuming Descriptor, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Opens a folder by its whole path, where links are followed: who names it may choose.
  package static func open(path: String) throws(SystemError) -> Folder {
    let raw = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard raw >= 0 else { throw SystemError(errno, "open the folder", path) }
    return Folder(Descriptor(owning: raw), path: path)
  }

  /// Another descriptor of the same folder.
  package func reopened() throws(SystemError) -> Folder {
    let raw = openat(descriptor.raw, ".", Self.flags)
    guard raw >= 0 else { throw SystemError(errno, "open the folder", path) }
    return Folder(Descriptor(owning: raw), path: path)
  }

  package func subpath(_ name: String) -> String { "\(path)/\(name)" }

  /// Opens a folder in this one. A link in its place is an error (ELOOP or ENOTDIR, open(2), O_NOFOLLOW).
  package func folder(_ name: String) throws(SystemError) -> Folder {
    let raw = openat(descriptor.raw, name, Self.flags)
    guard raw >= 0 else { throw SystemError(errno, "open the folder", subpath(name)) }
    return Folder(Descriptor(owning: raw), path: subpath(name))
  }

  /// As `folder`; nil if nothing is there.
  package func folder(ifPresent name: String) throws(SystemError) -> Folder? {
    do throws(SystemError) {
      return try folder(name)
    } catch {
      guard error.code == ENOENT else { throw error }
      return nil
    }
  }

  /// Opens a folder in this one and makes it where it isn't. `mode` counts whatever the umask is.
  package func folder(_ name: String, orMakeWith mode: mode_t) throws(SystemError) -> Folder {
    guard mkdirat(descriptor.raw, name, 0o700) == 0 else {
      guard errno == EEXIST else { throw SystemError(errno, "make the folder", subpath(name)) }
      return try folder(name)
    }
    let made = try folder(name)
    try made.setMode(mode)
    return made
  }

  package func setMode(_ mode: mode_t) throws(SystemError) {
    guard fchmod(descriptor.raw, mode) == 0 else { throw SystemError(errno, "set the mode of", path) }
  }

  /// Makes a file that isn't there yet.
  package func newFile(_ name: String, mode: mode_t) throws(SystemError) -> Descriptor {
    let raw = openat(descriptor.raw, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard raw >= 0 else { throw SystemError(errno, "make the file", subpath(name)) }
    let file = Descriptor(owning: raw)
    guard fchmod(raw, mode) == 0 else { throw SystemError(errno, "set the mode of", subpath(name)) }
    return file
  }

  /// Opens what is there for reading; without a wait where it is a pipe.
  package func file(_ name: String) throws(SystemError) -> Descriptor {
    let raw = openat(descriptor.raw, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard raw >= 0 else { throw SystemError(errno, "open the file", subpath(name)) }
    return Descriptor(owning: raw)
  }

  /// What is there, links themselves included; nil if nothing is.
  package func entry(_ name: String) throws(SystemError) -> FolderEntry? {
    var status = stat()
    guard fstatat(descriptor.raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      guard errno == ENOENT else { throw SystemError(errno, "look at", subpath(name)) }
      return nil
    }
    return FolderEntry(status)
  }

  /// The text of a link; nil if nothing is there.
  package func link(_ name: String) throws(SystemError) -> String? {
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

  package func makeLink(_ name: String, to target: String) throws(SystemError) {
    guard symlinkat(target, descriptor.raw, name) == 0 else { throw SystemError(errno, "make the link", subpath(name)) }
  }

  /// Moves `name` from here into `other`, in place of what has its name there.
  package func move(_ name: String, to other: borrowing Folder, as newName: String) throws(SystemError) {
    guard renameat(descriptor.raw, name, other.descriptor.raw, newName) == 0 else {
      throw SystemError(errno, "move to its place", other.subpath(newName))
    }
  }

  /// False if nothing is there.
  package func unlink(_ name: String) throws(SystemError) -> Bool {
    guard unlinkat(descriptor.raw, name, 0) == 0 else {
      guard errno == ENOENT else { throw SystemError(errno, "remove", subpath(name)) }
      return false
    }
    return true
  }

  /// Not an error: something is in it.
  package func removeIfEmpty(_ name: String) throws(SystemError) {
    guard unlinkat(descriptor.raw, name, AT_REMOVEDIR) == 0 else {
      guard errno == ENOTEMPTY || errno == EEXIST || errno == ENOENT else {
        throw SystemError(errno, "remove the folder", subpath(name))
      }
      return
    }
  }

  /// Gives each of two paths what the other one has, in one step.
  package static func exchange(_ one: String, _ other: String) throws(SystemError) {
    let code = apus_exchange(one, other)
    guard code == 0 else { throw SystemError(code, "exchange \(one) with", other) }
  }

  /// Puts the folder's own table of names on disk.
  package func sync() throws(SystemError) {
    guard fsync(descriptor.raw) == 0 else { throw SystemError(errno, "write to disk", path) }
  }

  /// Puts everything on disk that was written to the file system under the folder.
  package func syncFileSystem() throws(SystemError) {
    let code = apus_sync_filesystem(descriptor.raw)
    guard code == 0 else { throw SystemError(code, "write to disk what is in", path) }
  }
}

/// What a name in a folder stands for.
package struct FolderEntry {
  package enum Kind {
    case file, folder, link, other
  }

  package let kind: Kind
  package let byteCount: Int
  /// For its owner.
  package let isExecutable: Bool

  package init(_ status: stat) {
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
