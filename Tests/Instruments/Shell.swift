import ApusIO
import Glibc

/// Tools that are not ours, as a shell runs them.
package enum Shell {
  /// What `command` prints when it reads `input`, and its exit status. Standard error is the tests' own, unless the
  /// command says `2>&1`.
  @discardableResult
  package static func run(_ command: String, input: [UInt8] = []) throws -> (output: String, status: CInt) {
    let file = try input.isEmpty ? nil : temporaryFile(input)
    defer { if let file { unlink(file) } }
    guard let stream = popen("(\(command)\n) <\(file ?? "/dev/null")", "r") else {
      throw SystemError(errno, "run", command)
    }
    var output: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&block, 1, block.count, stream)
      if count == 0 { break }
      output += block[..<count]
    }
    // The wait status: the exit status is its second byte (wait(2)).
    return (String(decoding: output, as: UTF8.self), pclose(stream) >> 8)
  }

  package static func temporaryFolder() throws -> String {
    var template = Array("/tmp/apus-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw SystemError(errno, "make a folder below", "/tmp") }
    return String(cString: made)
  }

  private static func temporaryFile(_ bytes: [UInt8]) throws -> String {
    var path = Array("/tmp/apus-test-XXXXXX".utf8CString)
    let made = mkstemp(&path)
    guard made >= 0 else { throw SystemError(errno, "make a file below", "/tmp") }
    let file = Descriptor(owning: made)
    guard write(file.raw, bytes, bytes.count) == bytes.count else {
      throw SystemError(errno, "write a file below", "/tmp")
    }
    return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
