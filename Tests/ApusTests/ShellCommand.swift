import ApusIO
import Glibc

/// A tool that is not ours, as a shell runs it.
enum ShellCommand {
  /// What `command` prints on both streams, and its exit status.
  static func run(_ command: String, input: String = "") throws -> (output: String, status: CInt) {
    var path = Array("/tmp/apus-input-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw SystemError(errno, "make a file") }
    defer {
      unlink(path)
      close(descriptor)
    }
    let bytes = Array(input.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else { throw SystemError(errno, "write a file") }
    let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let stream = popen("(\(command)) <\(name) 2>&1", "r") else { throw SystemError(errno, "run", command) }
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
}
