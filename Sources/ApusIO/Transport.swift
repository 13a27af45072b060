package import CLinux

/// A two-way stream of bytes on a loop: a socket, or TLS over one.
///
/// `try…` calls never wait; `nil` means that the call would block, and the wait to make before the next try.
/// One task may read while another writes. All of it is for the loop's thread.
package protocol Transport: AnyObject, Sendable {
  var loop: Loop { get }
  /// The peer's address, if the kernel told.
  var peer: SocketAddress? { get }
  /// Bytes read; 0 is the end of input.
  func tryRead(into bytes: UnsafeMutableRawBufferPointer) throws(IOError) -> Int?
  func tryWrite(_ bytes: UnsafeRawBufferPointer) throws(IOError) -> Int?
  func tryWrite(_ parts: UnsafeBufferPointer<iovec>) throws(IOError) -> Int?
  func readable() async throws(IOError)
  func writable() async throws(IOError)
  func setDeadline(_ deadline: Instant, for direction: Readiness.Direction)
  /// Ends our direction; the peer reads an end of input.
  func endWriting() async
  func close()
  var isClosed: Bool { get }
  /// The peer has closed or the connection broke; what it sent before may still be read.
  var peerHungUp: Bool { get }
  /// Told once, on the loop, when the peer hangs up.
  var onHangUp: (any HangUpObserver)? { get set }
  /// The descriptor for splice(2), where bytes pass unchanged; nil over TLS.
  var spliceable: Stream? { get }
}

/// Somebody who wants to know at once that a peer has gone, though nobody reads from it: a proxy, a pool.
package protocol HangUpObserver: AnyObject {
  func peerDidHangUp()
}

extension Transport {
  /// Reads at least one byte, or 0 at the end of input.
  package func read(into bytes: UnsafeMutableRawBufferPointer) async throws(IOError) -> Int {
    while true {
      if let count = try tryRead(into: bytes) { return count }
      try await readable()
    }
  }

  /// Writes all that `buffer` holds, and empties it.
  package func write(_ buffer: inout Buffer) async throws(IOError) {
    while !buffer.isEmpty {
      if let count = try tryWrite(buffer.readable) {
        buffer.consume(count)
      } else {
        try await writable()
      }
    }
  }

  /// Writes all of `bytes`.
  package func write(_ bytes: [UInt8]) async throws(IOError) {
    var sent = 0
    while sent < bytes.count {
      let count = try tryWrite(bytes, from: sent)
      if let count { sent += count } else { try await writable() }
    }
  }

  private func tryWrite(_ bytes: [UInt8], from sent: Int) throws(IOError) -> Int? {
    let result = bytes.withUnsafeBytes { all in
      Result { () throws(IOError) in try tryWrite(UnsafeRawBufferPointer(rebasing: all[sent...])) }
    }
    return try result.get()
  }
}
