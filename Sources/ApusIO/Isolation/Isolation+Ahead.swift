import CLinux
import Glibc

// What a start needs and may be had before: two thirds of what isolation costs.
extension Isolation {
  /// A network with `lo` alone, for `network`.
  package static func makeNetwork() throws(SystemError) -> Descriptor {
    let raw = apus_network_namespace()
    guard raw >= 0 else {
      throw SystemError(errno, "make a network namespace", advice: "IsolationSupport.probe says what is permitted")
    }
    return Descriptor(owning: raw)
  }

  /// Takes from the calling thread what its children could be given and never are, so that each start is spared the
  /// forty calls. The thread's own capabilities stay.
  package static func forgoCapabilities() throws(SystemError) {
    let code = apus_drop_bounding_set()
    guard code == 0 else { throw SystemError(code, "empty the bounding set of this thread") }
  }
}
