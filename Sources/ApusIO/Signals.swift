import CLinux
import Glibc

/// Signals turned into values on a loop.
///
/// The handler writes one byte to a pipe, so no code of ours runs inside a signal, whichever thread it hits. A program
/// has one `Signals` at a time for each signal; when it is closed, they have their default effect again.
// Safe because it is touched only by its loop's thread (asserted in debug builds).
package final class Signals: @unchecked Sendable {
  private let signals: [CInt]
  private let stream: Stream
  private let writing: CInt

  package init(_ signals: [CInt], on loop: Loop) throws(SystemError) {
    let pipe = try Pipe()
    writing = fcntl(pipe.writing.raw, F_DUPFD_CLOEXEC, 3)
    guard writing >= 0 else { throw SystemError(errno, "copy a descriptor") }
    self.signals = signals
    do throws(SystemError) {
      stream = try Stream(pipe.takeReading(), on: loop)
    } catch {
      Glibc.close(writing)
      throw error
    }
    for signal in signals {
      let code = apus_signal_to_descriptor(signal, writing)
      if code != 0 {
        close()
        throw SystemError(code, "handle signal", "\(signal)")
      }
    }
  }

  deinit {
    // Dropped without close: a handler must not write to a pipe that nobody reads, or to another's descriptor.
    close()
  }

  /// The next signal, or nil once closed.
  package func next() async -> CInt? {
    var signal: UInt8 = 0
    while true {
      do throws(IOError) {
        let count = try withUnsafeMutableBytes(of: &signal) { bytes throws(IOError) in
          try stream.tryRead(into: bytes)
        }
        if let count { return count == 1 ? CInt(signal) : nil }
        try await stream.readable()
      } catch {
        return nil
      }
    }
  }

  package func close() {
    guard !stream.isClosed else { return }
    for signal in signals { apus_signal_default(signal) }
    stream.close()
    Glibc.close(writing)
  }

  /// What ends a program that a person or a supervisor started: the terminal's going away too, unless we were started
  /// to outlive it (nohup(1)).
  package static var ending: [CInt] { [SIGTERM, SIGINT] + (apus_signal_is_ignored(SIGHUP) ? [] : [SIGHUP]) }

  /// A peer that goes away must be an error of one write, not the end of this program (signal(7)).
  package static func ignoreBrokenPipes() {
    apus_signal_ignore(SIGPIPE)
  }
}
