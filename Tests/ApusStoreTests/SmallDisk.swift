import Glibc
import Instruments

/// A file system of two megabytes, gone with its value.
final class SmallDisk: Sendable {
  let path: String

  /// Whether this process may mount: root outside of a container, usually.
  static let isPermitted: Bool = {
    guard geteuid() == 0 else { return false }
    let path = "/tmp/apus-mount-\(getpid())"
    guard (try? SmallDisk(at: path)) != nil else { return false }
    rmdir(path)
    return true
  }()

  init(at path: String) throws {
    mkdir(path, 0o700)
    let (output, status) = try Shell.run("mount -t tmpfs -o size=2m,mode=700 apus-test '\(path)' 2>&1")
    guard status == 0 else { throw Failure(description: output) }
    self.path = path
  }

  deinit {
    _ = try? Shell.run("umount '\(path)'")
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }
}
