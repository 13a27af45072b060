package import ApusIO
internal import Glibc

/// The file by which probes and `HEALTHCHECK` lines tell that a function accepts calls: `.lock` in `TMPDIR`.
package struct LockFile {
  package let path: String

  package init(_ environment: ProcessEnvironment) {
    path = "\(environment["TMPDIR"] ?? "/tmp")/.lock"
  }

  package var isThere: Bool { access(path, F_OK) == 0 }

  package func make() throws(SystemError) {
    let raw = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o660)
    guard raw >= 0 else {
      throw SystemError(
        errno, "make the lock file", path, advice: "TMPDIR names its folder; suppress_lock leaves it out")
    }
    Glibc.close(raw)
  }

  package func remove() {
    unlink(path)
  }
}
