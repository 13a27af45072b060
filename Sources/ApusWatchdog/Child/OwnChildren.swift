import ApusIO

/// The processes that we started and wait for. It belongs to its loop.
final class OwnChildren {
  private var pids: Set<CInt> = []

  func track(_ pid: CInt, _ lives: Bool) {
    if lives { add(pid) } else { remove(pid) }
  }

  func add(_ pid: CInt) { pids.insert(pid) }
  func remove(_ pid: CInt) { pids.remove(pid) }
  func holds(_ pid: CInt) -> Bool { pids.contains(pid) }
}
