import ApusIO
import Glibc
import Instruments

/// A folder for one test.
enum Folder {
  static func make(_ files: [String: String] = [:]) throws -> String {
    let folder = try Shell.temporaryFolder()
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
