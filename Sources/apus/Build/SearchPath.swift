import ApusIO
import Glibc

/// Programs by name, where `PATH` has them.
enum SearchPath {
  static func find(_ name: String, _ environment: ProcessEnvironment = .current()) -> String? {
    for folder in (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
      let path = "\(folder)/\(name)"
      var status = stat()
      if access(path, X_OK) == 0, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return path }
    }
    return nil
  }
}
