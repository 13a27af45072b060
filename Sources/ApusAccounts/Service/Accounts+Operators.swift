import ApusIO
package import ApusJSON

/// What operators do; whether somebody is one is asked before.
extension Accounts {
  package func list(after folded: String, limit: Int) async throws -> [Account] {
    let limit = min(max(1, limit), AccountLimits.listRows)
    return try await offload { try alive(after: folded, limit: limit) }
  }

  package func show(_ login: String) async throws -> Account {
    try await offload { try found(login) }
  }

  package func setDisabled(_ login: String, _ isDisabled: Bool, from address: String?) async throws -> Account {
    try await offload {
      let account = try found(login)
      let changed = try update({ () throws(AccountError) in try store.account(account.id) }) { account in
        account.disabled = isDisabled ? .byOperator : nil
        // What was signed in before is out at once, but for tokens that live minutes.
        if isDisabled { account.sessions = [] }
        return account
      }
      guard let changed else { throw AccountRefusal.unknownAccount }
      if !isDisabled { try clear(keys.name(of: account.login.folded)) }
      try record(
        .operator, isDisabled ? .disabled : .enabled, account.id.text, from: NetworkAddress.network(of: address))
      return changed
    }
  }

  /// A claim by which the account's person gets new credentials; nobody else learns them, operators least of all.
  package func reset(_ login: String, from address: String?) async throws -> (Account, claim: OneTimeToken) {
    try await offload {
      let account = try found(login)
      let token = OneTimeToken(.claim, of: account.id)
      let changed = try update({ () throws(AccountError) in try store.account(account.id) }) { account in
        account.claim = Claim(hash: token.hash, expiresAt: now + settings.claimLife)
        // One that nobody has signed in to is reserved again: what was made for it dies at once, and not the claim.
        if account.diesAt != nil {
          account.pair = nil
          account.diesAt = now + settings.claimLife
        }
        return account
      }
      guard let changed else { throw AccountRefusal.unknownAccount }
      try record(.operator, .reset, account.id.text, from: NetworkAddress.network(of: address))
      return (changed, token)
    }
  }

  /// All that is kept of a person, for that person (GDPR article 15); no hash or sealed field, which are nobody's data.
  package func export(_ login: String, from address: String?) async throws -> JSON {
    try await offload {
      let account = try found(login)
      let events = try events(of: account)
      try record(.operator, .exported, account.id.text, from: NetworkAddress.network(of: address))
      var document = account.summary(at: now)
      document["sessions"] = .array(
        account.sessions.map {
          .object([
            ("id", .string($0.name)), ("started_at", .string(UTC.text($0.startedAt))),
            ("expires_at", .string(UTC.text($0.expiresAt))),
          ])
        })
      document["events"] = .array(events.map(\.document))
      return document
    }
  }

  /// Removes an account and all that is recorded of it (GDPR article 17); that somebody was removed stays on record.
  package func purge(_ login: String) async throws {
    try await offload {
      let account = try found(login)
      let tombstone = AccountEvent(at: now, subject: nil, factor: .operator, outcome: .purged, address: nil)
      let names = keys.names(of: account.login.folded)
      guard try store.forget(account.id, names: names, tombstone) else { throw AccountRefusal.unknownAccount }
    }
  }

  /// Seals every field with the first key; how many accounts there are, and how many fields were sealed anew.
  package func reseal() async throws -> (accounts: Int, sealed: Int) {
    try await offload {
      var (accounts, sealed) = (0, 0)
      try forEach { account in
        accounts += 1
        let count = try update({ () throws(AccountError) in try store.account(account.id) }) { account in
          try account.reseal(keys)
        }
        sealed += count ?? 0
      }
      return (accounts, sealed)
    }
  }

  /// Copies everything to an empty store and counts it there; nothing is removed here.
  package func migrate(to target: any AccountStore) async throws -> (accounts: Int, events: Int) {
    try await offload {
      guard try target.accounts(after: "", limit: 1).isEmpty else {
        throw AccountError(.settings, "the store to move to holds accounts already", advice: "Name an empty one")
      }
      var accounts = 0
      try forEach { account in
        guard try target.insert(account, at: now, pendingLimit: .max) == .made else {
          throw AccountError(.misuse, "an account could not be copied", advice: "Empty the target and try again")
        }
        accounts += 1
      }
      let events = try copyEvents(to: target)
      var found = 0
      try Accounts.forEach(in: target) { account in
        guard try store.account(account.id) == account else { return }
        found += 1
      }
      guard found == accounts else {
        throw AccountError(
          .busy, "\(accounts) accounts were copied and \(found) of them are the same here and there",
          advice: "Stop sign-ins (scale both functions to 0 callers), empty the target and try again")
      }
      return (accounts, events)
    }
  }

  // MARK: - Steps

  func alive(after folded: String, limit: Int) throws(AccountError) -> [Account] {
    let now = now
    var (found, last) = ([Account](), folded)
    // A page may hold decoys alone: fewer than asked for are answered where there are no more.
    while found.count < limit {
      let page = try store.accounts(after: last, limit: limit)
      guard let end = page.last else { break }
      found += page.filter { !$0.isDecoy && !$0.isDead(at: now) }
      last = end.login.folded
    }
    return Array(found.prefix(limit))
  }

  private func found(_ text: String) throws -> Account {
    guard let login = try? Login(text), let account = try store.account(named: login.folded),
      !account.isDead(at: now)
    else { throw AccountRefusal.unknownAccount }
    return account
  }

  /// The newest first. Who has to wait is recorded by the login's name alone, before anybody looks whose it is.
  private func events(of account: Account) throws -> [AccountEvent] {
    var events = try store.events(of: account.id.text, limit: AccountLimits.exportedEvents)
    for name in keys.names(of: account.login.folded) {
      // What was tried with the login before is somebody else's.
      events += try store.events(of: name, limit: AccountLimits.exportedEvents).filter { $0.at >= account.createdAt }
    }
    return Array(events.sorted { $0.at > $1.at }.prefix(AccountLimits.exportedEvents))
  }

  private func forEach(_ body: (Account) throws -> Void) throws {
    let now = now
    try Accounts.forEach(in: store) { if !$0.isDecoy && !$0.isDead(at: now) { try body($0) } }
  }

  private static func forEach(in store: any AccountStore, _ body: (Account) throws -> Void) throws {
    var last = ""
    while true {
      let page = try store.accounts(after: last, limit: AccountLimits.listRows)
      for account in page { try body(account) }
      guard let end = page.last else { return }
      last = end.login.folded
    }
  }

  private func copyEvents(to target: any AccountStore) throws -> Int {
    var (position, count) = (Int64(0), 0)
    while true {
      let page = try store.events(after: position, limit: AccountLimits.listRows)
      guard let end = page.last else { return count }
      try target.record(page.map(\.event))
      position = end.position
      count += page.count
    }
  }
}
