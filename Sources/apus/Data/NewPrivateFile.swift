import ApusIO
import Glibc

/// A file that is written piece by piece and appears whole, for its owner alone; dropped before, nothing is left.
struct NewPrivateFile: ~Copyable {
  let path: String
  private let part: String
  private let file: Descriptor
  private var isWhole = false

  /// - Throws: if there is something at `path` already.
  init(_ path: String) throws {
    let part = "\(path).part-\(getpid())"
    let raw = try Self.make(part, for: path)
    self.path = path
    self.part = part
    file = Descriptor(owning: raw)
  }

  private static func make(_ part: String, for path: String) throws -> CInt {
    guard access(path, F_OK) != 0 else {
      throw CommandError("\(path) is there already, and stays as it is: choose another name")
    }
    unlink(part)
    let raw = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard raw >= 0 else { throw SystemError(errno, "write", path) }
    return raw
  }

  deinit {
    if !isWhole { unlink(part) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    try NewFile.append(bytes, to: file, path)
  }

  consuming func finish() throws {
    guard fsync(file.raw) == 0 else { throw SystemError(errno, "write to disk", path) }
    // Unlike rename(2), link(2) never replaces what somebody else made meanwhile.
    guard link(part, path) == 0 else { throw SystemError(errno, "make", path) }
    unlink(part)
    isWhole = true
  }
}
