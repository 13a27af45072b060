import ApusCommandLine
import Glibc

/// The two streams of the command: results go to standard output, all else to standard error.
enum Terminal {
  /// One line of a result.
  static func say(_ line: String) {
    _ = send(Array("\(line)\n".utf8), to: STDOUT_FILENO)
  }

  /// One line about what happens.
  static func note(_ line: String) {
    _ = send(Array("\(line)\n".utf8), to: STDERR_FILENO)
  }

  /// A piece of a result, as it is.
  static func give(_ bytes: some Sequence<UInt8>) throws(ExitStatus) {
    // A reader that went away, as `head` does: nobody is left to tell.
    guard send(Array(bytes), to: STDOUT_FILENO) else { throw ExitStatus(1) }
  }

  private static func send(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while let base = rest.baseAddress, !rest.isEmpty {
        let count = write(descriptor, base, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return true
    }
  }

  /// All of standard input, up to `limit` bytes.
  static func readInput(limit: Int) throws(CommandError) -> [UInt8] {
    try read(STDIN_FILENO, "the standard input", limit)
  }

  /// All of a file, up to `limit` bytes.
  static func readFile(_ path: String, limit: Int) throws(CommandError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw CommandError("can't read \(path): \(String(cString: strerror(errno)))") }
    defer { close(file) }
    return try read(file, path, limit)
  }

  private static func read(_ file: CInt, _ name: String, _ limit: Int) throws(CommandError) -> [UInt8] {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(file, &block, block.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw CommandError("can't read \(name): \(String(cString: strerror(errno)))") }
      if count == 0 { return bytes }
      bytes += block[..<count]
      guard bytes.count <= limit else { throw CommandError("\(name) has more than \(limit) bytes: send less") }
    }
  }
}
