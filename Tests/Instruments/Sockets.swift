package import ApusIO
import CLinux
import Glibc

/// Two connected Unix sockets: a stream on `loop`, and a plain blocking descriptor that the test closes.
package func streamAndPeer(on loop: Loop) throws -> (Stream, CInt) {
  let (left, right) = try socketPair()
  let stream = Descriptor(owning: left)
  try stream.setNonBlocking()
  return (try Stream(stream, on: loop, isSocket: true), right)
}

/// Two connected Unix sockets, both streams on `loop`.
package func streamPair(on loop: Loop) throws -> (Stream, Stream) {
  let (stream, peer) = try streamAndPeer(on: loop)
  let other = Descriptor(owning: peer)
  try other.setNonBlocking()
  return (stream, try Stream(other, on: loop, isSocket: true))
}

package func socketPair() throws -> (CInt, CInt) {
  var ends: [CInt] = [-1, -1]
  guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(APUS_SOCK_CLOEXEC), 0, &ends) == 0 else {
    throw SystemError(errno, "make a pair of sockets")
  }
  return (ends[0], ends[1])
}

/// A listening socket on a free port of ours. Ports from 32768 on can connect to themselves on the loopback.
package func listenOnLoopback(
  _ make: (UInt16) -> SocketAddress = { .loopback(port: $0) }, sharesPort: Bool = false, backlog: CInt = 128
) throws -> Descriptor {
  var random = SystemRandomNumberGenerator()
  for _ in 0..<100 {
    let port = UInt16.random(in: 20_000..<32_000, using: &random)
    do throws(SystemError) {
      return try Listener.bind(make(port), sharesPort: sharesPort, backlog: backlog)
    } catch {
      if error.code != EADDRINUSE { throw error }
    }
  }
  throw SystemError(EADDRINUSE, "find a free port")
}

/// Writes all of `text` to a blocking descriptor.
package func put(_ text: String, _ descriptor: CInt) {
  var text = text
  text.withUTF8 { bytes in
    let count = write(descriptor, bytes.baseAddress, bytes.count)
    precondition(count == bytes.count, "a test's own write fell short")
  }
}

extension Transport {
  /// What one read finds, as text.
  package func readText(_ limit: Int = 4096) async throws -> String {
    var bytes = [UInt8](repeating: 0, count: limit)
    while true {
      if let count = try bytes.withUnsafeMutableBytes({ try tryRead(into: $0) }) {
        return String(decoding: bytes[..<count], as: UTF8.self)
      }
      try await readable()
    }
  }

  /// All up to the end of input, as text.
  package func readToEnd() async throws -> String {
    var text = ""
    while true {
      let more = try await readText()
      if more.isEmpty { return text }
      text += more
    }
  }

  package func writeText(_ text: String) async throws {
    try await write(Array(text.utf8))
  }
}
