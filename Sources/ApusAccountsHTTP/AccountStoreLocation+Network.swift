package import ApusAccounts
import Glibc

extension AccountStoreLocation {
  /// A database on the network needs a network: without one every call would wait for a time-out.
  package func checkNetwork(isStartedByGateway: Bool) throws(AccountError) {
    guard case .mongodb = self, isStartedByGateway, AccountStoreLocation.hasLoopbackOnly else { return }
    throw AccountError(
      .settings, "accounts-url is mongodb://, and this function has no network",
      advice: "Add the annotation `com.apus.network: host` to it in stack.yml")
  }

  private static var hasLoopbackOnly: Bool {
    guard let list = if_nameindex() else { return false }
    defer { if_freenameindex(list) }
    var at = list
    while at.pointee.if_index != 0, let name = at.pointee.if_name {
      if String(cString: name) != "lo" { return false }
      at += 1
    }
    return true
  }
}
