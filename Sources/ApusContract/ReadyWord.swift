package import ApusIO
internal import Glibc

/// The word to a gateway that calls may come: one byte on the descriptor that it gave us (`APUS_READY_FD`).
package struct ReadyWord: Sendable {
  private let descriptor: CInt?

  /// What we start ourselves must not hold the descriptor open: its end without a byte says that the start failed.
  package init(_ descriptor: CInt?) {
    self.descriptor = descriptor
    if let descriptor { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
  }

  /// Says it, once.
  package func say() throws(SystemError) {
    guard let descriptor else { return }
    defer { Glibc.close(descriptor) }
    var ready = UInt8(ascii: "R")
    guard Glibc.write(descriptor, &ready, 1) == 1 else {
      throw SystemError(errno, "say that the function is ready on descriptor", "\(descriptor)")
    }
  }
}
