package import ApusIO
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

  /// What a child can be made with before its program is known; nil if this asks for something that can't be had so,
  /// and in a program that was built with the thread sanitizer.
  ///
  /// Two that differ in what is shared, in user and host name have the same one.
  package var template: Isolation? {
    guard apus_can_prepare() else { return nil }
    guard hasOwnRoot, layers.contains(.processes), !layers.contains(.users), !needsInit else { return nil }
    var template = self
    template.root.shares = []
    template.root.files = [:]
    template.root.links = [:]
    // The root's owner until it is given to the program's user.
    template.identity = Identity(user: 0, group: 0)
    template.hostName = ""
    template.network = nil
    return template
  }

  /// Takes from the calling thread what its children could be given and never are, so that each start is spared the
  /// forty calls. The thread's own capabilities stay.
  package static func forgoCapabilities() throws(SystemError) {
    let code = apus_drop_bounding_set()
    guard code == 0 else { throw SystemError(code, "empty the bounding set of this thread") }
  }
}
