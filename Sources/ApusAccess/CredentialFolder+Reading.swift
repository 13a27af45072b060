import ApusIO
import Glibc

extension CredentialFolder {
  /// The text of a file without blanks around it; nil if there is no such file.
  func readIfPresent(_ file: String) throws(CredentialError) -> String? {
    try checkFolder()
    // Symbolic links are followed: a mounted Kubernetes secret consists of them. A pipe must not make us wait.
    let raw = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard raw >= 0 else {
      let code = errno
      if code == ENOENT || code == ENOTDIR { return nil }
      throw .system(SystemError(code, "open", file))
    }
    let descriptor = Descriptor(owning: raw)
    try checkFile(descriptor.raw, file)
    return try text(try content(descriptor.raw, file), file)
  }

  private func checkFile(_ descriptor: CInt, _ file: String) throws(CredentialError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(SystemError(errno, "look at", file)) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .wrongKind(path: file, wanted: "file") }
    let mode = status.st_mode & 0o7777
    let isOurs = status.st_uid == geteuid()
    guard isOurs || status.st_uid == 0 else { throw .foreign(path: file, owner: status.st_uid) }
    // A file of root's that our group may read is how a mounted secret comes to a process that is not root.
    let allowed: mode_t = isOurs ? 0o700 : 0o740
    guard mode & 0o777 & ~allowed == 0 else { throw .exposed(path: file, mode: mode) }
  }

  private func content(_ descriptor: CInt, _ file: String) throws(CredentialError) -> [UInt8] {
    let limit = AccessLimits.credentialBytes
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    var count = 0
    while count <= limit {
      let step = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + count }, limit + 1 - count) }
      if step < 0 {
        if errno == EINTR { continue }
        throw .system(SystemError(errno, "read", file))
      }
      if step == 0 { break }
      count += step
    }
    guard count <= limit else { throw .tooLong(path: file) }
    return Array(bytes.prefix(count))
  }

  private func text(_ bytes: [UInt8], _ file: String) throws(CredentialError) -> String {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }
    var text = bytes[...]
    while let first = text.first, isBlank(first) { text.removeFirst() }
    while let last = text.last, isBlank(last) { text.removeLast() }
    guard !text.isEmpty else { throw .unusable(path: file, reason: "is empty") }
    guard text.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw .unusable(path: file, reason: "has control characters, or more than one line")
    }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw .unusable(path: file, reason: "is not UTF-8")
    }
    return string
  }

  /// Whoever may write in the folder could put a file of their own there.
  private func checkFolder() throws(CredentialError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      if code == ENOENT { return }
      throw .system(SystemError(code, "look at", path))
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw .wrongKind(path: path, wanted: "folder") }
    guard status.st_uid == geteuid() || status.st_uid == 0 else {
      throw .foreign(path: path, owner: status.st_uid)
    }
    // With the sticky bit others can add files but not replace ours; a mounted Kubernetes secret looks so.
    let mode = status.st_mode & 0o7777
    guard mode & 0o022 == 0 || mode & 0o1000 != 0 else { throw .exposed(path: path, mode: mode) }
  }
}
