import ApusIO
import Glibc

/// Programs that are not ours, as a shell runs them.
enum Shell {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  static func has(_ program: String) -> Bool { succeeds("command -v \(program)") }

  static func succeeds(_ command: String) -> Bool { (try? run(command)) != nil }

  /// What `command` prints; what it reads goes through a file, since it may be long.
  static func run(_ command: String, input: [UInt8] = []) throws -> String {
    var path = Array("/tmp/apus-oracle-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw SystemError(errno, "make a file") }
    defer {
      unlink(path)
      close(descriptor)
    }
    guard input.isEmpty || write(descriptor, input, input.count) == input.count else {
      throw SystemError(errno, "write a file")
    }
    let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let stream = popen("(\(command)) <\(name) 2>/dev/null", "r") else { throw SystemError(errno, "run", command) }
    var output: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&block, 1, block.count, stream)
      if count == 0 { break }
      output += block[..<count]
    }
    let status = pclose(stream)
    let text = String(decoding: output, as: UTF8.self)
    guard status == 0 else { throw Failure(description: "\(command) ended with \(status >> 8): \(text)") }
    return text
  }
}
