import CLinux
import Glibc

/// An open file descriptor that is closed exactly once.
package struct Descriptor: ~Copyable {
  package let raw: CInt

  /// Takes over `raw`; from here on nobody else may close it.
  package init(owning raw: CInt) {
    precondition(raw >= 0, "a descriptor is never negative; check the call's result first")
    self.raw = raw
  }

  deinit {
    // EINTR too leaves the descriptor closed on Linux (close(2), NOTES): never retry.
    Glibc.close(raw)
  }

  /// Hands the descriptor to someone who closes it some other way.
  package consuming func release() -> CInt {
    let raw = self.raw
    discard self
    return raw
  }

  package func setNonBlocking() throws(SystemError) {
    let flags = fcntl(raw, F_GETFL)
    guard flags >= 0, fcntl(raw, F_SETFL, flags | O_NONBLOCK) == 0 else {
      throw SystemError(errno, "make non-blocking descriptor", "\(raw)")
    }
  }

  package func setCloseOnExec() throws(SystemError) {
    guard fcntl(raw, F_SETFD, FD_CLOEXEC) == 0 else {
      throw SystemError(errno, "set close-on-exec on descriptor", "\(raw)")
    }
  }
}

/// The two ends of a pipe, closed on exec.
package struct Pipe: ~Copyable {
  package var reading: Descriptor
  package var writing: Descriptor

  package init(nonBlocking: Bool = true) throws(SystemError) {
    var ends: (CInt, CInt) = (-1, -1)
    let flags = O_CLOEXEC | (nonBlocking ? O_NONBLOCK : 0)
    let failed = withUnsafeMutablePointer(to: &ends) { pointer in
      pointer.withMemoryRebound(to: CInt.self, capacity: 2) { apus_pipe2($0, flags) }
    }
    guard failed == 0 else { throw SystemError(errno, "make a pipe") }
    reading = Descriptor(owning: ends.0)
    writing = Descriptor(owning: ends.1)
  }
  /// Keeps the reading end only.
  package consuming func takeReading() -> Descriptor { reading }

  /// Keeps the writing end only.
  package consuming func takeWriting() -> Descriptor { writing }
}
