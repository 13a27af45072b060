import ApusIO

/// Wakes each pool when time alone asks for something; one timer a function that is awake, all on one loop.
final class PoolAlarms: Sendable {
  private let timers: LoopBound<Timers>

  private final class Timers {
    var byFunction: [ObjectIdentifier: Timer] = [:]
  }

  init(on loop: Loop) {
    timers = LoopBound(Timers(), to: loop)
  }

  /// Asks the pool anew, on the loop: who asked first may be heard last, but the last one asked knows it all.
  func rearm(_ function: DeployedFunction) {
    let loop = timers.loop
    loop.execute { [timers] in
      let next = function.nextWake
      let key = ObjectIdentifier(function)
      if next == .never {
        if let timer = timers.value.byFunction.removeValue(forKey: key) { loop.remove(timer) }
      } else {
        let timer = timers.value.byFunction[key] ?? Timer { function.wake() }
        timers.value.byFunction[key] = timer
        loop.set(timer, to: next)
      }
    }
  }
}
