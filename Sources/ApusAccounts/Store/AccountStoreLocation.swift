/// Where accounts are kept, as the secret `accounts-url` says. It may hold a password, so it is never printed.
package enum AccountStoreLocation: Sendable {
  /// A file, which several functions share through a volume.
  case sqlite(path: String)
  case mongodb(uri: String)

  /// Where they are without that secret: in the volume `accounts`.
  package static let usual = AccountStoreLocation.sqlite(path: "/data/accounts.db")

  package init(_ text: String) throws(AccountError) {
    if text.hasPrefix("sqlite:/"), text.utf8.count > 8, !text.hasPrefix("sqlite://") {
      self = .sqlite(path: String(text.dropFirst("sqlite:".count)))
    } else if text.hasPrefix("mongodb://") || text.hasPrefix("mongodb+srv://") {
      self = .mongodb(uri: text)
    } else {
      throw AccountError(
        .settings, "the secret accounts-url names no store that is known",
        advice: "Write sqlite:/data/accounts.db, or mongodb:// with hosts and a database")
    }
  }
}

extension AccountStoreLocation: CustomStringConvertible, CustomReflectable {
  package var description: String {
    switch self {
    case .sqlite(let path): "sqlite:\(path)"
    case .mongodb: "mongodb://***"
    }
  }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
