import Glibc

/// Sockets that whoever started us opened for us: the protocol of sd_listen_fds(3), which the gateway speaks too.
package enum InheritedSockets {
  package struct Entry: Equatable, Sendable {
    package var descriptor: CInt
    /// From LISTEN_FDNAMES; empty if it has none.
    package var name: String
  }

  /// What the environment promises to the process `pid`; nothing if it speaks to another process.
  package static func promised(
    by environment: ProcessEnvironment, to pid: CInt
  ) throws(InheritedSocketsError) -> [Entry] {
    guard let listenPID = environment["LISTEN_PID"], let count = environment["LISTEN_FDS"] else { return [] }
    guard let promisedPID = number(listenPID).flatMap(CInt.init(exactly:)) else {
      throw .malformed("LISTEN_PID", listenPID)
    }
    guard promisedPID == pid else { return [] }
    // 3 is SD_LISTEN_FDS_START; more than a thousand sockets is a mistake, not a wish.
    guard let count = number(count), (0...1000).contains(count) else { throw .malformed("LISTEN_FDS", count) }
    let names = environment["LISTEN_FDNAMES"]?.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    return (0..<count).map { index in
      let name = names.flatMap { index < $0.count ? $0[index] : nil } ?? ""
      return Entry(descriptor: CInt(3 + index), name: name)
    }
  }

  /// `Int` itself would take a sign.
  private static func number(_ digits: String) -> Int? {
    digits.utf8.allSatisfy { 0x30...0x39 ~= $0 } ? Int(digits) : nil
  }

  /// Takes over the promised socket named `name`, or the only one there is. Nil if none was promised.
  package static func take(
    _ name: String, from environment: ProcessEnvironment
  ) throws(InheritedSocketsError) -> Descriptor? {
    let entries = try promised(by: environment, to: getpid())
    guard let entry = entries.first(where: { $0.name == name }) ?? (entries.count == 1 ? entries[0] : nil) else {
      return nil
    }
    var listens: CInt = 0
    var length = socklen_t(MemoryLayout<CInt>.size)
    guard getsockopt(entry.descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) == 0, listens != 0 else {
      throw .notListening(entry.descriptor)
    }
    return Descriptor(owning: entry.descriptor)
  }
}

/// A promise of sockets that can't be kept.
package enum InheritedSocketsError: Error, Equatable, CustomStringConvertible {
  case malformed(String, String)
  case notListening(CInt)

  package var description: String {
    switch self {
    case .malformed(let name, let value):
      "\(name) is “\(value)”, which is not a number that makes sense. Whoever starts this program sets it: unset it, or"
        + " follow sd_listen_fds(3)"
    case .notListening(let descriptor):
      "descriptor \(descriptor) was promised by LISTEN_FDS but is not a listening socket. Whoever starts this program"
        + " must open it, listen, and leave it open across exec"
    }
  }
}
