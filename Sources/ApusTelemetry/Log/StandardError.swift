import Glibc
import Synchronization

/// File descriptor 2 as a place for whole lines.
package enum StandardError {
  private static let lost = Atomic<UInt64>(0)
  /// The last line had to be given up, so the next one does not wait.
  private static let isStuck = Atomic<Bool>(false)
  /// What a reader that is merely slow is given, once.
  private static let patienceMilliseconds: CInt = 50

  /// Lines that nobody could take: the other end is gone, or it is full and must not be waited for.
  package static var lostLines: UInt64 { lost.load(ordering: .relaxed) }

  /// Writes a line with one write(2), so that lines of threads and processes do not mix.
  ///
  /// pipe(7): up to PIPE_BUF (4,096) bytes are atomic. A loop must not wait for a reader of logs who does not read, so
  /// a line that finds no room is lost and counted.
  package static func write(_ line: UnsafeRawBufferPointer) {
    guard hasRoom() else {
      lost.wrappingAdd(1, ordering: .relaxed)
      return
    }
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

  /// A pipe that poll(2) calls writable takes PIPE_BUF bytes without waiting.
  private static func hasRoom() -> Bool {
    var descriptor = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    let patience = isStuck.load(ordering: .relaxed) ? 0 : patienceMilliseconds
    let hasRoom = poll(&descriptor, 1, patience) != 0
    isStuck.store(!hasRoom, ordering: .relaxed)
    return hasRoom
  }
}
