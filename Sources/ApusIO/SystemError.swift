import Glibc

/// A system call that failed: what was tried, on what, and what the kernel said.
///
/// Not errors: a call that would block (`nil`) and the end of input (zero bytes).
package struct SystemError: Error, Equatable, CustomStringConvertible {
  /// The errno.
  package var code: CInt
  /// What was tried, as a phrase: "bind", "start the program".
  package var operation: String
  /// On what: an address, a path.
  package var subject: String
  /// What to do about it, where we know better than the errno's own text.
  package var advice: String

  package init(_ code: CInt, _ operation: String, _ subject: String = "", advice: String = "") {
    self.code = code
    self.operation = operation
    self.subject = subject
    self.advice = advice.isEmpty ? SystemError.usualAdvice(code) : advice
  }

  package var description: String {
    let what = subject.isEmpty ? operation : "\(operation) \(subject)"
    let hint = advice.isEmpty ? "" : ". \(advice)"
    return "could not \(what): \(SystemError.text(code))\(hint)"
  }

  /// Out of descriptors, watches or memory: it passes when something is closed.
  package var isShortage: Bool {
    code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM || code == ENOSPC
  }

  /// The errno's own text.
  package static func text(_ code: CInt) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
      guard let base = buffer.baseAddress, strerror_r(code, base, buffer.count) == 0 else { return "error \(code)" }
      return String(cString: base)
    }
  }

  private static func usualAdvice(_ code: CInt) -> String {
    switch code {
    case EADDRINUSE: "Another program listens there: stop it or choose another port"
    case EMFILE: "This process has as many open files as it may: raise the limit (ulimit -n)"
    case ENFILE: "The machine has as many open files as it may: raise fs.file-max"
    case EADDRNOTAVAIL: "No interface of this machine has that address"
    default: ""
    }
  }
}

/// Why a read, a write or a wait on a stream ended without doing its work.
package enum IOError: Error, Equatable, CustomStringConvertible {
  case system(SystemError)
  /// The deadline set on the stream passed.
  case expired
  /// The stream was closed or its task cancelled by this side.
  case closed

  package var description: String {
    switch self {
    case .system(let error): error.description
    case .expired: "the time allowed for this step ran out"
    case .closed: "the connection was closed by this side"
    }
  }

  /// The peer went away, as peers do; nothing is wrong on this side.
  package var isDisconnect: Bool {
    guard case .system(let error) = self else { return false }
    return error.code == EPIPE || error.code == ECONNRESET || error.code == ETIMEDOUT || error.code == ECONNABORTED
  }
}
