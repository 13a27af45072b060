package import ApusIO

/// What a function is asked for at one instant; the autoscaler sees nothing else.
package struct Demand: Hashable, Sendable {
  /// Calls parked until a replica has room.
  package var waiting: Int
  /// Calls that hold a lease.
  package var running: Int
  package var callsPerSecond: Double
  /// Thousandths of a processor, over all replicas.
  package var milliCPU: Double
  /// When a call last arrived or ended; nil if there was none since the function last slept.
  package var lastCall: Instant?

  package init(
    waiting: Int = 0, running: Int = 0, callsPerSecond: Double = 0, milliCPU: Double = 0, lastCall: Instant? = nil
  ) {
    self.waiting = waiting
    self.running = running
    self.callsPerSecond = callsPerSecond
    self.milliCPU = milliCPU
    self.lastCall = lastCall
  }

  package var calls: Int { waiting + running }
}
