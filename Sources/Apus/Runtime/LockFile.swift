internal import ApusIO
internal import Glibc

/// The file by which a Kubernetes probe of faas-netes (`cat /tmp/.lock`) tells that a function accepts calls.
///
/// Made only there: on an ordinary machine several functions would share it. `suppress_lock` leaves it out.
struct LockFile {
  private let path: String

  /// Nil where no such probe exists, or if the file can't be made.
  init?(_ environment: ProcessEnvironment) {
    guard environment["KUBERNETES_SERVICE_HOST"] != nil, environment["suppress_lock"] != "true" else { return nil }
    path = "\(environment["TMPDIR"] ?? "/tmp")/.lock"
    let raw = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o660)
    guard raw >= 0 else { return nil }
    Glibc.close(raw)
  }

  func remove() {
    unlink(path)
  }
}
