import ApusIO
import Glibc

/// A folder for one test.
enum Folder {
  static func make(_ files: [String: String] = [:]) throws -> String {
    var template = Array("/tmp/apus-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw SystemError(errno, "make a folder below", "/tmp") }
    let folder = String(cString: made)
    for (path, text) in files { try write(text, to: "\(folder)/\(path)") }
    return folder
  }

  /// Makes the folders around it, too.
  static func write(_ text: String, to path: String) throws {
    var parent = ""
    for name in path.split(separator: "/").dropLast() {
      parent += "/\(name)"
      mkdir(parent, 0o755)
    }
    guard let file = fopen(path, "w") else { throw SystemError(errno, "write", path) }
    defer { fclose(file) }
    fputs(text, file)
  }

  static func remove(_ path: String) throws {
    _ = try Shell.run("rm -rf '\(path)'")
  }
}

/// Tools that are not ours, as a shell runs them.
enum Shell {
  /// What `command` prints, and its exit status.
  @discardableResult
  static func run(_ command: String) throws -> (output: String, status: CInt) {
    guard let stream = popen("(\(command)) </dev/null", "r") else { throw SystemError(errno, "run", command) }
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
