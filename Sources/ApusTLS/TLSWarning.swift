/// Something about a certificate of ours that works today and will bring complaints.
package enum TLSWarning: Equatable, Sendable, CustomStringConvertible {
  case expired(file: String)
  case notYetValid(file: String)
  case expiresSoon(file: String, days: Int)

  /// Renewal at two thirds of a lifetime is the rule, so a certificate this close to its end was forgotten.
  static let soon = 7

  package var description: String {
    switch self {
    case .expired(let file): "\(file): the certificate has expired, so clients will refuse it. Renew it, then reload"
    case .notYetValid(let file): "\(file): the certificate is not valid yet. Check the clock of this machine"
    case .expiresSoon(let file, let days): "\(file): the certificate expires in \(days) days. Renew it, then reload"
    }
  }
}
