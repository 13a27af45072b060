package import ApusHTTP
package import ApusIO

/// One loop's connections to replicas. It belongs to that loop.
package final class Upstreams {
  private let loop: Loop
  private let limits: Limits
  private var byAddress: [SocketAddress: Upstream] = [:]
  /// So many, and those of replicas that are gone are let go.
  private var sweepAt = Upstreams.leastSwept

  private static let leastSwept = 64

  package init(on loop: Loop, limits: Limits) {
    self.loop = loop
    self.limits = limits
  }

  /// One upstream for an address, as long as the replica there lives or a call uses it.
  package subscript(address: SocketAddress) -> Upstream {
    if let known = byAddress[address] { return known }
    if byAddress.count >= sweepAt { sweep() }
    let upstream = Upstream(address, on: loop, limits: limits)
    byAddress[address] = upstream
    return upstream
  }

  package var count: Int { byAddress.count }

  /// The kernel closes the connections of a replica that ends, so one without any is gone, or begins anew as cheaply. A
  /// call that has it keeps it until its end.
  private func sweep() {
    byAddress = byAddress.filter { $0.value.idleCount > 0 }
    sweepAt = max(Upstreams.leastSwept, 2 * byAddress.count)
  }
}
