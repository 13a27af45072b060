import ApusIO
import Glibc

/// Tells systemd, or whoever set `NOTIFY_SOCKET`, how the gateway is (sd_notify(3)); to nobody, it says nothing.
///
/// A word that can't be delivered is lost: what supervises us notices that by itself.
final class ServiceNotice: Sendable {
  private let socket: Descriptor
  private let path: [UInt8]
  /// How often it wants to hear that we go on; nil if it does not.
  let watchdogInterval: Duration?

  /// Nil if nobody wants to know.
  init?(_ environment: ProcessEnvironment) {
    guard let path = environment["NOTIFY_SOCKET"], path.utf8.count > 1, path.utf8.count < 108,
      let first = path.utf8.first, [UInt8(ascii: "/"), UInt8(ascii: "@")].contains(first)
    else { return nil }
    let raw = Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
    guard raw >= 0 else { return nil }
    let socket = Descriptor(owning: raw)
    guard (try? socket.setCloseOnExec()) != nil, (try? socket.setNonBlocking()) != nil else { return nil }
    self.socket = consume socket
    // An abstract name begins with a zero byte, which @ stands for.
    self.path = [first == UInt8(ascii: "@") ? 0 : first] + path.utf8.dropFirst()
    watchdogInterval = ServiceNotice.interval(environment)
  }

  /// Half of the time after which we would be taken for dead (sd_watchdog_enabled(3)).
  private static func interval(_ environment: ProcessEnvironment) -> Duration? {
    guard let time = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }), time > 1 else { return nil }
    if let pid = environment["WATCHDOG_PID"], pid != "\(getpid())" { return nil }
    return .microseconds(time / 2)
  }

  func ready() { send("READY=1") }
  func stopping() { send("STOPPING=1") }

  /// Says again and again that we live, on the loop that would stand still with us; until its task is cancelled.
  func keepTelling(on loop: Loop) async {
    guard let watchdogInterval else { return }
    while (try? await loop.sleep(until: .now() + watchdogInterval)) != nil { send("WATCHDOG=1") }
  }

  private func send(_ text: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
    let bytes = Array(text.utf8)
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(socket.raw, bytes, bytes.count, 0, $0, length)
      }
    }
  }
}
