/// Something about a certificate of ours that works today and will bring complaints.
package enum TLSWarning: Equatable, Sendable, CustomStringConvertible {
  case expired(file: String)
  case notYetValid(file: String)
  case expiresSoon(file: String, days: Int)
  /// Everybody on the machine can read the private key.
  case exposedKey(file: String)

  /// Renewal at two thirds of a lifetime is the rule, so a certificate this close to its end was forgotten.
  static let soon = 7

  package var description: String {
    switch self {
    case .expired(let file): "\(file): the certificate has expired, so clients will refuse it. Renew it, then reload"
    case .notYetValid(let file): "\(file): the certificate is not valid yet. Check the clock of this machine"
    case .expiresSoon(let file, let days): "\(file): the certificate expires \(Self.end(days)). Renew it, then reload"
    case .exposedKey(let file):
      "\(file): the private key can be read by everybody on this machine. Take their right away (chmod o-rwx \(file)),"
        + " and have a new certificate made if somebody may have read it"
    }
  }

  private static func end(_ days: Int) -> String {
    switch days {
    case 0: "today"
    case 1: "in 1 day"
    default: "in \(days) days"
    }
  }
}
