import ApusAccounts
import Synchronization

/// A store that notes what it was asked to do.
final class CountedStore: AccountStore {
  private let store: any AccountStore
  private let steps = Mutex<[String]>([])

  init(_ store: any AccountStore) {
    self.store = store
  }

  /// What it did since this was asked last.
  func takeSteps() -> [String] {
    steps.withLock { steps in
      defer { steps = [] }
      return steps
    }
  }

  private func note(_ step: String = #function) {
    steps.withLock { $0.append(step) }
  }

  func account(_ id: AccountID) throws(AccountError) -> Account? {
    note()
    return try store.account(id)
  }

  func account(named folded: String) throws(AccountError) -> Account? {
    note()
    return try store.account(named: folded)
  }

  func insert(_ account: Account, at now: Int64, pendingLimit: Int) throws(AccountError) -> Insertion {
    note()
    return try store.insert(account, at: now, pendingLimit: pendingLimit)
  }

  func replace(_ account: Account) throws(AccountError) -> Bool {
    note()
    return try store.replace(account)
  }

  func accounts(after folded: String, limit: Int) throws(AccountError) -> [Account] {
    note()
    return try store.accounts(after: folded, limit: limit)
  }

  func sweep(at now: Int64) throws(AccountError) {
    note()
    try store.sweep(at: now)
  }

  func strikes(_ name: String) throws(AccountError) -> Strikes {
    note()
    return try store.strikes(name)
  }

  func change(_ name: String, from old: Strikes, to new: Strikes, until end: Int64) throws(AccountError) -> Bool {
    note()
    return try store.change(name, from: old, to: new, until: end)
  }

  func record(_ events: [AccountEvent]) throws(AccountError) {
    note()
    try store.record(events)
  }

  func events(of subject: String, limit: Int) throws(AccountError) -> [AccountEvent] {
    note()
    return try store.events(of: subject, limit: limit)
  }

  func events(after position: Int64, limit: Int) throws(AccountError) -> [(position: Int64, event: AccountEvent)] {
    note()
    return try store.events(after: position, limit: limit)
  }

  func forget(_ id: AccountID, names: [String], _ tombstone: AccountEvent) throws(AccountError) -> Bool {
    note()
    return try store.forget(id, names: names, tombstone)
  }
}
