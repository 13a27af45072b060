import ApusIO
import Glibc

/// A tool that is not ours, as a shell runs it.
enum Shell {
  /// What `command` prints on both streams, and its exit status.
  static func run(_ command: String) throws -> (output: String, status: CInt) {
    guard let stream = popen("(\(command)) </dev/null 2>&1", "r") else { throw SystemError(errno, "run", command) }
    var output: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&block, 1, block.count, stream)
      if count == 0 { break }
      output += block[..<count]
    }
    if output.last == UInt8(ascii: "\n") { output.removeLast() }
    // The wait status: the exit status is its second byte (wait(2)).
    return (String(decoding: output, as: UTF8.self), pclose(stream) >> 8)
  }
}
