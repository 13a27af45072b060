package import ApusIO
package import ApusModel

/// A reader of one function's log: what is there, then, if asked, what comes.
///
/// It holds one block of lines at most. A reader that is slower than the function falls behind on disk, and when its
/// place there is overwritten it gets one line that says how many it missed. For one task on one loop:
///
///     let follower = LogFollower(store.ring(of: function), query, of: function)
///     while let lines = await follower.next(on: loop) { try await exchange.write(lines) }
package final class LogFollower {
  /// Where a reading stands; a value, so that it can go to the thread that reads and come back.
  private struct Place: Sendable {
    var cursor: LogCursor
    var filter: LogFilter
  }

  private let ring: LogRing
  private let query: LogQuery
  private let function: FunctionName
  private let bell = Bell()
  private var place: Place?

  package init(_ ring: LogRing, _ query: LogQuery, of function: FunctionName) {
    self.ring = ring
    self.query = query
    self.function = function
    ring.addReader(bell)
  }

  deinit {
    ring.removeReader(bell)
  }

  /// The next lines as NDJSON, never empty. Nil at the end: of the history where nothing is followed; else when the
  /// log is removed, `deadline` passes or the task is cancelled.
  package func next(on loop: Loop, until deadline: Instant = .never) async -> [UInt8]? {
    while !Task.isCancelled, deadline == .never || Instant.now() < deadline {
      // Looked at before the disk: what was written before the end is then surely read.
      let isEnded = ring.isEnded
      guard let (lines, isAtEnd) = await read() else { return nil }
      if !lines.isEmpty { return lines }
      if !isAtEnd { continue }
      if !query.follow || isEnded { return nil }
      guard await bell.wait(until: deadline, on: loop) == .rung else { return nil }
    }
    return nil
  }

  /// One block, read and written as JSON on another thread.
  private func read() async -> (lines: [UInt8], isAtEnd: Bool)? {
    let (ring, query, function, before) = (ring, query, function, place)
    let step = try? await offload { LogFollower.step(ring, query, function, before) }
    place = step?.place
    return step.map { ($0.lines, $0.isAtEnd) }
  }

  private static func step(
    _ ring: LogRing, _ query: LogQuery, _ function: FunctionName, _ place: Place?
  ) -> (place: Place, lines: [UInt8], isAtEnd: Bool) {
    let now = WallClock.now().sinceEpoch
    var place =
      place
      ?? {
        let (cursor, filter) = ring.beginning(of: query, nowNanoseconds: now)
        return Place(cursor: cursor, filter: filter)
      }()
    guard let batch = ring.next(&place.cursor, place.filter) else { return (place, [], true) }
    var lines: [UInt8] = []
    if batch.skipped > 0 {
      let notice = LogRecord.skipped(batch.skipped, at: place.cursor.sequence, nanoseconds: now)
      LogEntry(notice, of: function, detail: query.detail).append(to: &lines)
    }
    for record in batch.records { LogEntry(record, of: function, detail: query.detail).append(to: &lines) }
    return (place, lines, false)
  }
}
