package import ApusHTTP
package import ApusIO

/// One loop's connections to replicas. It belongs to that loop.
package final class Upstreams {
  private let loop: Loop
  private let limits: Limits
  private var byAddress: [SocketAddress: Upstream] = [:]

  package init(on loop: Loop, limits: Limits) {
    self.loop = loop
    self.limits = limits
  }

  /// Addresses of replicas are never used again, so an upstream stands for one replica.
  package subscript(address: SocketAddress) -> Upstream {
    if let known = byAddress[address] { return known }
    let upstream = Upstream(address, on: loop, limits: limits)
    byAddress[address] = upstream
    return upstream
  }

  /// The replica is gone.
  package func forget(_ address: SocketAddress) {
    byAddress.removeValue(forKey: address)?.close()
  }
}
