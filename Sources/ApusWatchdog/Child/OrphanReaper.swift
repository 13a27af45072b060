import ApusIO
import CLinux
import Glibc

/// Buries children that we did not start: a container's first process is given all whose parents end.
///
/// Those that we did start have somebody who waits for them and wants to know how they ended. It belongs to its loop.
final class OrphanReaper {
  private let signals: Signals
  private let loop: Loop
  private let isOurs: (CInt) -> Bool
  private var timer: Timer?

  /// How soon to look again where one of ours stands before the orphans.
  private static let pause: Duration = .milliseconds(20)

  /// Nil where no orphans come.
  init?(isOurs: @escaping (CInt) -> Bool, on loop: Loop) throws(SystemError) {
    guard apus_adopts_orphans() else { return nil }
    self.isOurs = isOurs
    self.loop = loop
    signals = try Signals([SIGCHLD], on: loop)
  }

  func begin() {
    let this = LoopBound(self, to: loop)
    loop.spawn {
      let reaper = this.value
      reaper.look()
      while await reaper.signals.next() != nil { reaper.look() }
    }
  }

  private func look() {
    while true {
      let pid = apus_ended_child()
      if pid == 0 { return }
      guard !isOurs(pid) else {
        // The kernel shows one at a time: once it is gone from there, the next.
        let timer = timer ?? Timer { [unowned self] in look() }
        self.timer = timer
        return loop.set(timer, to: .now() + Self.pause)
      }
      apus_reap_child(pid)
    }
  }

  func close() {
    signals.close()
    if let timer { loop.remove(timer) }
  }
}
