import ApusIO
import Glibc

/// A folder of one test, gone with it.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    var name = Array("/tmp/apus-accounts-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { throw SystemError(errno, "make a folder") }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { _ = try? Shell.run("rm -rf '\(path)'") }
}
