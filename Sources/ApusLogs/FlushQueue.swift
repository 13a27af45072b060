import Synchronization

/// The rings that have lines for the disk, and the bells that say so.
final class FlushQueue: Sendable {
  /// Rung when the first ring has something.
  let work = Bell()
  /// Rung when a ring should not wait for more.
  let haste = Bell()
  private let rings = Mutex<[LogRing]>([])

  func add(_ ring: LogRing) {
    let isFirst = rings.withLock { rings in
      rings.append(ring)
      return rings.count == 1
    }
    if isFirst { work.ring() }
  }

  func hurry() { haste.ring() }

  func take() -> [LogRing] {
    rings.withLock { rings in
      let taken = rings
      rings = []
      return taken
    }
  }
}
