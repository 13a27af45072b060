import ApusIO
import Glibc

/// `DIR`: everything that a gateway keeps.
struct DataFolder {
  let path: String

  /// `/var/lib/apus` for root, else where users keep data (XDG Base Directory Specification).
  static var usual: String {
    if geteuid() == 0 { return "/var/lib/apus" }
    let environment = ProcessEnvironment.current()
    let base = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    return (base ?? "\(environment["HOME"] ?? "/tmp")/.local/share") + "/apus"
  }

  /// Makes the folder and those above it, if they are not there.
  init(_ path: String) throws {
    guard !path.isEmpty else { throw GatewayError("the data folder has no name: give one with --data") }
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/\(part)"
      guard mkdir(made, 0o700) == 0 || errno == EEXIST || errno == EISDIR || errno == EROFS else {
        throw SystemError(errno, "make the data folder", made, advice: "Choose another one with --data")
      }
    }
    guard let real = realpath(path, nil) else {
      throw SystemError(errno, "open the data folder", path, advice: "Choose another one with --data")
    }
    defer { free(real) }
    self.path = String(cString: real)
  }

  func subfolder(_ name: String) throws -> String {
    let path = "\(self.path)/\(name)"
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SystemError(errno, "make the folder", path) }
    return path
  }
}
