import ApusIO
import Glibc

/// A folder for sockets and secrets, short of name, closed to other users, in memory where the machine has such a
/// place; it goes with the value, and a later gateway sweeps what a killed one left.
final class RuntimeFolder: Sendable {
  let path: String

  init() throws {
    let environment = ProcessEnvironment.current()
    // systemd's $RUNTIME_DIRECTORY and the user's runtime folder are tmpfs; /run is for root's programs.
    let places = [environment["XDG_RUNTIME_DIR"], geteuid() == 0 ? "/run" : nil, "/dev/shm", "/tmp"]
    var failure = SystemError(ENOENT, "make a runtime folder")
    for case let place? in places where place.hasPrefix("/") && place.utf8.count < 60 {
      var template = Array("\(place)/apus-XXXXXX".utf8CString)
      if let made = mkdtemp(&template) {
        path = String(cString: made)
        return
      }
      failure = SystemError(errno, "make a runtime folder below", place)
    }
    throw failure
  }

  func subfolder(_ name: String) throws -> String {
    let path = "\(self.path)/\(name)"
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SystemError(errno, "make the folder", path) }
    return path
  }

  deinit {
    rmdir("\(path)/s")
    rmdir("\(path)/k")
    rmdir(path)
  }
}
