import ApusIO
import Glibc

extension CredentialFolder {
  /// Makes the folder with both files and moves it to its place in one step. False if something is there already.
  func makeAtOnce() throws(CredentialError) -> Bool {
    let parent = CredentialFolder.parent(of: path)
    guard mkdir(parent, 0o700) == 0 || errno == EEXIST else {
      throw .system(SystemError(errno, "make the folder", parent))
    }
    let staged = "\(parent)/.auth-\(CredentialFolder.unique())"
    guard mkdir(staged, 0o700) == 0 else { throw .system(SystemError(errno, "make the folder", staged)) }
    let folder = CredentialFolder(path: staged)
    do throws(CredentialError) {
      try CredentialFolder.write(AdminCredentials.randomName(), to: folder.nameFile)
      try CredentialFolder.write(AdminCredentials.randomPassword(), to: folder.passwordFile)
      try CredentialFolder.synchronise(staged)
    } catch {
      folder.removeStaged()
      throw error
    }
    guard rename(staged, path) == 0 else {
      let code = errno
      folder.removeStaged()
      // rename(2): a folder that has something in it, is mounted, or is a link to one. Then file by file.
      if [EEXIST, ENOTEMPTY, EBUSY, ENOTDIR, EXDEV].contains(code) { return false }
      throw .system(SystemError(code, "move the new credentials to", path))
    }
    try CredentialFolder.synchronise(parent)
    return true
  }

  /// Makes one file, whole, unless there is one. False if there was.
  func make(_ file: String, _ text: String) throws(CredentialError) -> Bool {
    let staged = "\(path)/.new-\(CredentialFolder.unique())"
    try CredentialFolder.write(text, to: staged)
    defer { unlink(staged) }
    // link(2), unlike rename(2), never replaces.
    guard link(staged, file) == 0 else {
      let code = errno
      if code == EEXIST { return false }
      throw .system(SystemError(code, "make", file))
    }
    try CredentialFolder.synchronise(path)
    return true
  }

  /// Readers see the old file or the new one, whole.
  func replace(_ file: String, _ text: String) throws(CredentialError) {
    let staged = "\(path)/.new-\(CredentialFolder.unique())"
    try CredentialFolder.write(text, to: staged)
    guard rename(staged, file) == 0 else {
      let code = errno
      unlink(staged)
      throw .system(SystemError(code, "replace", file))
    }
    try CredentialFolder.synchronise(path)
  }

  private func removeStaged() {
    unlink(nameFile)
    unlink(passwordFile)
    rmdir(path)
  }

  private static func unique() -> String {
    Sodium.randomText(16, of: "0123456789abcdefghijklmnopqrstuvwxyz")
  }

  private static func parent(of path: String) -> String {
    var end = path.endIndex
    while end > path.startIndex, path[path.index(before: end)] == "/" { end = path.index(before: end) }
    guard let slash = path[..<end].lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A new file of mode 0600 with one line, on the disk when this returns.
  private static func write(_ text: String, to file: String) throws(CredentialError) {
    let raw = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard raw >= 0 else {
      let code = errno
      let advice = code == EROFS ? "The folder is read-only: change the password where it is mounted from" : ""
      throw .system(SystemError(code, "make", file, advice: advice))
    }
    let descriptor = Descriptor(owning: raw)
    let bytes = Array((text + "\n").utf8)
    var failure: CInt = 0
    var sent = 0
    while sent < bytes.count {
      let step = bytes.withUnsafeBytes { bytes in
        Glibc.write(descriptor.raw, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
      }
      if step > 0 {
        sent += step
      } else if errno != EINTR {
        failure = errno
        break
      }
    }
    // The umask can only take away; it must not take away the owner's right either.
    if failure == 0, fchmod(descriptor.raw, 0o600) != 0 || fsync(descriptor.raw) != 0 { failure = errno }
    guard failure == 0 else {
      unlink(file)
      throw .system(SystemError(failure, "write", file))
    }
  }

  /// A new name is only safe from a power cut once its folder is on the disk (fsync(2)).
  private static func synchronise(_ folder: String) throws(CredentialError) {
    let raw = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard raw >= 0 else { throw .system(SystemError(errno, "open", folder)) }
    let descriptor = Descriptor(owning: raw)
    guard fsync(descriptor.raw) == 0 else { throw .system(SystemError(errno, "put on the disk", folder)) }
  }
}
