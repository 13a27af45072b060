import ApusAccounts
import DatabaseInstruments
import Instruments
import Testing

/// The drivers that the same suite is run on.
enum StoreKind: String, Sendable, CustomTestStringConvertible {
  case sqlite, mongodb

  /// Those that this machine has what they need for.
  static let available: [StoreKind] = Mongod.shared == nil ? [.sqlite] : [.sqlite, .mongodb]

  var testDescription: String { rawValue }

  /// An empty store of its own, and what has to live as long.
  func make() throws -> (store: any AccountStore, keeper: any Sendable) {
    switch self {
    case .sqlite:
      let folder = try ScratchFolder()
      return (try SQLiteAccountStore(path: "\(folder.path)/accounts.db"), folder)
    case .mongodb:
      let server = try #require(Mongod.shared)
      return (try MongoAccountStore(uri: server.uri()), server)
    }
  }
}
