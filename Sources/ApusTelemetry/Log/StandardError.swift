import Glibc
import Synchronization

/// File descriptor 2 as a place for whole lines.
package enum StandardError {
  private static let lost = Atomic<UInt64>(0)

  /// Lines that nobody could take: the other end is gone, or it is full and must not be waited for.
  package static var lostLines: UInt64 { lost.load(ordering: .relaxed) }

  /// Writes a line with one write(2), so that lines of threads and processes do not mix.
  ///
  /// pipe(7): up to PIPE_BUF (4,096) bytes are atomic. A loop must never wait for a reader of logs, so where the
  /// descriptor is non-blocking and full the line is lost and counted.
  package static func write(_ line: UnsafeRawBufferPointer) {
    var rest = line
    while !rest.isEmpty {
      let written = Glibc.write(STDERR_FILENO, rest.baseAddress, rest.count)
      if written >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      } else if errno != EINTR {
        lost.wrappingAdd(1, ordering: .relaxed)
        return
      }
    }
  }
}
