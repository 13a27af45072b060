import ApusIO
import Glibc

/// Loopback ports for programs that open one by themselves.
///
/// Between our look and the program's own bind anybody may take the port: then that start fails and the next one gets
/// another. Ports come from below the range from which the kernel takes those of outgoing connections.
struct ReplicaPorts {
  private static let range: Range<UInt16> = 20_000..<32_768
  private static let attempts = 64

  private var given: Set<UInt16> = []

  /// One that nobody listens on, and that no replica of ours has.
  mutating func take() throws(SystemError) -> UInt16 {
    var failure = SystemError(EADDRINUSE, "find a free loopback port")
    for _ in 0..<ReplicaPorts.attempts {
      let port = UInt16.random(in: ReplicaPorts.range)
      guard !given.contains(port) else { continue }
      do throws(SystemError) {
        _ = try Listener.bind(.loopback(port: port))
        given.insert(port)
        return port
      } catch {
        failure = error
      }
    }
    throw failure
  }

  /// Its replica is gone.
  mutating func giveBack(_ port: UInt16) {
    given.remove(port)
  }
}
