import ApusIO
import Glibc
import Instruments

/// A folder of one test, gone with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    var name = Array("/tmp/apus-access-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { throw SystemError(errno, "make a folder") }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { _ = try? shell("rm -rf '\(path)'") }

  func write(_ bytes: [UInt8], to name: String, mode: mode_t = 0o600) throws {
    let file = "\(path)/\(name)"
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemError(errno, "make", file) }
    defer { close(descriptor) }
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fchmod(descriptor, mode) == 0 else {
      throw SystemError(errno, "write", file)
    }
  }

  func write(_ text: String, to name: String, mode: mode_t = 0o600) throws {
    try write(Array(text.utf8), to: name, mode: mode)
  }

  func mode(of name: String) throws -> mode_t {
    var status = stat()
    guard stat("\(path)/\(name)", &status) == 0 else { throw SystemError(errno, "look at", name) }
    return status.st_mode & 0o7777
  }

  /// All names below, hidden ones too, in order.
  func names() throws -> [String] {
    try shell("cd '\(path)' && find . -mindepth 1 | LC_ALL=C sort").split(separator: "\n").map {
      String($0.dropFirst(2))
    }
  }

  /// What a shell prints.
  @discardableResult func shell(_ command: String) throws -> String {
    let (output, status) = try Shell.run(command)
    guard status == 0 else { throw SystemError(EINVAL, "run", command) }
    return output
  }
}
