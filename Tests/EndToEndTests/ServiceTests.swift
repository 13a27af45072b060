import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

/// The gateway under systemd, or whoever else speaks sd_notify(3).
@Suite(.serialized) struct `A gateway that is supervised` {
  @Test(arguments: [false, true]) func `says when it is ready, that it lives, and when it stops`(
    isAbstract: Bool
  ) throws {
    let folder = try Shell.temporaryFolder()
    defer { _ = try? Shell.run("rm -rf '\(folder)'") }
    let supervisor = try Supervisor(isAbstract ? "@\(folder)/notify" : "\(folder)/notify")
    let gateway = try RunningGateway(environment: ["NOTIFY_SOCKET": supervisor.name, "WATCHDOG_USEC": "200000"])
    #expect(supervisor.next() == "READY=1")
    for _ in 0..<3 { #expect(supervisor.next() == "WATCHDOG=1") }
    #expect(try gateway.end(SIGTERM)?.isSuccess == true)
    var word = supervisor.next()
    while word == "WATCHDOG=1" { word = supervisor.next() }
    #expect(word == "STOPPING=1")
  }

  @Test func `is silent about its life if it is not for it to tell`() throws {
    let folder = try Shell.temporaryFolder()
    defer { _ = try? Shell.run("rm -rf '\(folder)'") }
    let supervisor = try Supervisor("\(folder)/notify")
    let other = ["NOTIFY_SOCKET": supervisor.name, "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"]
    let gateway = try RunningGateway(environment: other)
    #expect(supervisor.next() == "READY=1")
    #expect(try gateway.end(SIGTERM)?.isSuccess == true)
    #expect(supervisor.next() == "STOPPING=1")
  }
}

/// The socket on which systemd hears its services.
private final class Supervisor {
  let name: String
  private let socket: Descriptor

  init(_ name: String) throws {
    self.name = name
    socket = Descriptor(owning: Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0))
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(name.utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { path in
      path.copyBytes(from: bytes)
      if bytes.first == UInt8(ascii: "@") { path[0] = 0 }
    }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
    let outcome = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket.raw, $0, length) }
    }
    guard outcome == 0 else { throw SystemError(errno, "listen on", name) }
  }

  /// The next word, which must come within twenty seconds.
  func next() -> String {
    var waiting = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, 20_000) == 1 else { return "" }
    var block = [UInt8](repeating: 0, count: 256)
    let count = recv(socket.raw, &block, block.count, 0)
    return String(decoding: block.prefix(max(0, count)), as: UTF8.self)
  }
}
