import CLinux
import Glibc
import Synchronization

/// Loops on threads of their own, one a core unless told otherwise.
package final class LoopGroup: Sendable {
  package let loops: [Loop]
  private let threads: Mutex<[pthread_t]>
  private let turn = Atomic<Int>(0)

  /// Starts `count` loops. They run until `shutDown`.
  package init(count: Int = LoopGroup.coreCount, system: any SystemCalls = KernelCalls.shared) throws(SystemError) {
    precondition(count > 0, "a group needs a loop")
    var loops: [Loop] = []
    for _ in 0..<count { loops.append(try Loop(system: system)) }
    self.loops = loops
    threads = Mutex([])
    for loop in loops {
      do throws(SystemError) {
        let thread = try LoopGroup.start(loop)
        threads.withLock { $0.append(thread) }
      } catch {
        shutDown()
        throw error
      }
    }
  }

  /// The loops in turn.
  package func next() -> Loop {
    loops[abs(turn.add(1, ordering: .relaxed).newValue % loops.count)]
  }

  /// Stops the loops and waits for their threads, but for the one that calls it. Tasks that still run there never go
  /// on: end them first.
  package func shutDown() {
    for loop in loops { loop.stop() }
    let ending = threads.withLock { threads in
      defer { threads.removeAll() }
      return threads
    }
    for thread in ending {
      // The last owner may let go on one of these threads, which can't wait for itself.
      if pthread_equal(thread, pthread_self()) != 0 { pthread_detach(thread) } else { pthread_join(thread, nil) }
    }
  }

  /// The cores that this process may use (sched_getaffinity, so `taskset` and cpusets count).
  package static var coreCount: Int {
    Int(apus_core_count())
  }

  private static func start(_ loop: Loop) throws(SystemError) -> pthread_t {
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(loop)
    let code = pthread_create(&thread, nil, runLoop, argument.toOpaque())
    guard code == 0 else {
      argument.release()
      throw SystemError(code, "start a thread for a loop")
    }
    return thread
  }
}

private func runLoop(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  Unmanaged<Loop>.fromOpaque(argument).takeRetainedValue().run()
  apus_blocks_free()
  return nil
}
