package import CLinux
import Glibc

/// The calls through which bytes cross into the kernel, in one place so that a test can script them.
///
/// Each answers as the kernel does: a count, or a negated errno. `Stream` and `Listener` turn that into values; they
/// own EINTR and EAGAIN, and nobody else sees either.
package protocol SystemCalls: AnyObject, Sendable {
  func read(_ descriptor: CInt, _ bytes: UnsafeMutableRawBufferPointer) -> Int
  func write(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int
  /// As `read` and `write`, for sockets only: a shorter way through the kernel, and no SIGPIPE.
  func receive(_ descriptor: CInt, _ bytes: UnsafeMutableRawBufferPointer) -> Int
  func send(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int
  func write(_ descriptor: CInt, _ parts: UnsafePointer<iovec>, _ count: Int) -> Int
  func send(_ descriptor: CInt, _ parts: UnsafePointer<iovec>, _ count: Int) -> Int
  func splice(_ from: CInt, _ to: CInt, _ count: Int) -> Int
  func accept(_ descriptor: CInt) -> Int
}

/// The kernel itself.
package final class KernelCalls: SystemCalls {
  package static let shared = KernelCalls()

  private init() {}

  package func read(_ descriptor: CInt, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
    let count = Glibc.read(descriptor, bytes.baseAddress, bytes.count)
    return count >= 0 ? count : -Int(errno)
  }

  package func write(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
    let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    return count >= 0 ? count : -Int(errno)
  }

  package func receive(_ descriptor: CInt, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
    let count = Glibc.recv(descriptor, bytes.baseAddress, bytes.count, 0)
    return count >= 0 ? count : -Int(errno)
  }

  package func send(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
    let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
    return count >= 0 ? count : -Int(errno)
  }

  package func write(_ descriptor: CInt, _ parts: UnsafePointer<iovec>, _ count: Int) -> Int {
    let written = Glibc.writev(descriptor, parts, CInt(count))
    return written >= 0 ? written : -Int(errno)
  }

  package func send(_ descriptor: CInt, _ parts: UnsafePointer<iovec>, _ count: Int) -> Int {
    var message = msghdr()
    // The kernel only reads the list (sendmsg(2)); C has one type for both directions.
    message.msg_iov = UnsafeMutablePointer(mutating: parts)
    message.msg_iovlen = count
    let sent = Glibc.sendmsg(descriptor, &message, CInt(MSG_NOSIGNAL))
    return sent >= 0 ? sent : -Int(errno)
  }

  package func splice(_ from: CInt, _ to: CInt, _ count: Int) -> Int {
    let flags = UInt32(APUS_SPLICE_MOVE | APUS_SPLICE_NONBLOCK)
    let moved = apus_splice(from, to, count, flags)
    return moved >= 0 ? moved : -Int(errno)
  }

  package func accept(_ descriptor: CInt) -> Int {
    let flags = CInt(APUS_SOCK_NONBLOCK | APUS_SOCK_CLOEXEC)
    let accepted = apus_accept4(descriptor, flags)
    return accepted >= 0 ? Int(accepted) : -Int(errno)
  }
}
