import ApusIO
import ApusJSON
import Glibc

/// `DIR/run/endpoints.json`: what listens where, for the CLI of this machine.
struct EndpointsFile {
  private let path: String

  init(in folder: String) {
    path = "\(folder)/endpoints.json"
  }

  /// Written beside and renamed, so that a reader sees the old one or the new one.
  func write(gateway url: String, metrics: SocketAddress) throws {
    let json = JSON.object([
      ("gateway", .string(url)), ("metrics", .string("http://\(metrics)/metrics")),
      ("pid", .integer(Int64(getpid()))),
    ])
    let bytes = try json.serialise() + [UInt8(ascii: "\n")]
    let part = path + ".new"
    let raw = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard raw >= 0 else { throw SystemError(errno, "write", part) }
    let file = Descriptor(owning: raw)
    guard Glibc.write(file.raw, bytes, bytes.count) == bytes.count, rename(part, path) == 0 else {
      throw SystemError(errno, "write", path)
    }
  }

  func remove() {
    unlink(path)
  }
}
