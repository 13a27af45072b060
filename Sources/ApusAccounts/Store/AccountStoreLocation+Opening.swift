extension AccountStoreLocation {
  /// The store there, made if there is none yet. Blocks.
  package func open() throws(AccountError) -> any AccountStore {
    switch self {
    case .sqlite(let path): try SQLiteAccountStore(path: path)
    case .mongodb(let uri): try MongoAccountStore(uri: uri)
    }
  }
}
