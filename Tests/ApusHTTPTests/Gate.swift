import ApusIO
import Glibc
import Synchronization

/// Holds a handler until the test lets it go on. The handler looks at it every two milliseconds, from its loop.
final class Gate: Sendable {
  private let isOpen = Atomic<Bool>(false)
  private let visitors = Atomic<Int>(0)

  var isOpenNow: Bool { isOpen.load(ordering: .acquiring) }

  func open() { isOpen.store(true, ordering: .releasing) }

  /// How many handlers have come to it so far.
  var arrivals: Int { visitors.load(ordering: .acquiring) }

  func wait(on loop: Loop) async {
    visitors.add(1, ordering: .releasing)
    while !isOpenNow {
      // A handler that was cancelled holds on as well, and leaves the loop to others.
      await withUnsafeContinuation { continuation in
        loop.set(Timer { continuation.resume() }, to: loop.now + .milliseconds(2))
      }
    }
  }
}

/// The pause between two looks at something that another thread counts.
func usleepForALook() { usleep(20_000) }
