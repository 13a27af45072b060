import ApusIO

/// Counting of failures. An attempt counts against its login before it is looked at and is forgiven when it succeeds,
/// so that a hundred at once are a hundred; against its network it counts when it has failed, since many people share
/// one.
extension Accounts {
  /// Seconds to wait for that login or from that network; nil for none.
  func offloadedDelay(_ name: String, _ factor: AccountEvent.Factor, _ network: String?) async throws -> Int64? {
    try await offload {
      let delay = try delay(name, network)
      if delay != nil { try record(factor, .throttled, name, from: network) }
      return delay
    }
  }

  private func delay(_ name: String, _ network: String?) throws(AccountError) -> Int64? {
    let time = nowInMilliseconds
    let delays = [
      SignInThrottle.delay(try store.strikes(Strikes.name(ofLogin: name)), at: time),
      SignInThrottle.delay(try store.strikes(Strikes.name(ofNetwork: network)), at: time),
    ]
    return delays.compactMap { $0 }.max()
  }

  /// Counts an attempt against its login; what is counted now.
  func strike(_ name: String, _ factor: AccountEvent.Factor, _ network: String?) throws -> Strikes {
    let counter = Strikes.name(ofLogin: name)
    for _ in 0..<AccountLimits.attempts {
      let time = nowInMilliseconds
      let strikes = try store.strikes(counter)
      let waits = [strikes, try store.strikes(Strikes.name(ofNetwork: network))]
        .compactMap { SignInThrottle.delay($0, at: time) }
      if let seconds = waits.max() {
        try record(factor, .throttled, name, from: network)
        throw AccountRefusal.throttled(seconds: seconds)
      }
      let struck = SignInThrottle.struck(strikes, at: time)
      if try store.change(counter, from: strikes, to: struck, until: now + AccountLimits.strikeSeconds) {
        return struck
      }
    }
    throw AccountRefusal.throttled(seconds: 1)
  }

  /// An attempt has failed: its network is counted, and at a hundred in a row the account is disabled.
  func refuse(_ account: Account?, _ strikes: Strikes, _ network: String?) throws {
    let name = Strikes.name(ofNetwork: network)
    for _ in 0..<AccountLimits.attempts {
      let old = try store.strikes(name)
      let time = nowInMilliseconds
      let new = SignInThrottle.struck(SignInThrottle.remembered(old, at: time), at: time)
      if try store.change(name, from: old, to: new, until: now + AccountLimits.strikeSeconds) { break }
    }
    guard let account, SignInThrottle.isDisabling(strikes) else { return }
    _ = try update({ () throws(AccountError) in try store.account(account.id) }) { account in
      if account.disabled == nil { account.disabled = .byAttempts }
    }
  }

  /// Forgets the failures of a login.
  func clear(_ name: String) throws {
    let name = Strikes.name(ofLogin: name)
    for _ in 0..<AccountLimits.attempts {
      let strikes = try store.strikes(name)
      if strikes == .none { return }
      if try store.change(name, from: strikes, to: .none, until: now + 1) { return }
    }
  }
}
