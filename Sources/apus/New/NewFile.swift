import ApusIO
import Glibc

/// Writes files that appear whole.
enum NewFile {
  /// Makes or replaces the file at `path`.
  static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws(SystemError) {
    let part = "\(path).part-\(getpid())"
    unlink(part)
    let raw = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard raw >= 0 else { throw SystemError(errno, "write", path) }
    let file = Descriptor(owning: raw)
    do throws(SystemError) {
      try append(bytes, to: file, path)
      guard fchmod(raw, mode) == 0, rename(part, path) == 0 else { throw SystemError(errno, "write", path) }
    } catch {
      unlink(part)
      throw error
    }
  }

  static func append(
    _ bytes: some Collection<UInt8>, to file: borrowing Descriptor, _ path: String
  ) throws(SystemError) {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file.raw, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw SystemError(count == 0 ? ENOSPC : errno, "write", path) }
      rest = rest.dropFirst(count)
    }
  }

  /// Makes a folder; one that is there is fine.
  static func folder(_ path: String) throws(SystemError) {
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw SystemError(errno, "make the folder", path) }
  }
}
