/// What an account makes of a sign-in: pure, so that it can be decided again when somebody else was faster.
extension Account {
  /// A pair whose second factor fits; its password remains to be compared.
  package struct Candidate: Sendable, Equatable {
    package enum Proof: Sendable, Equatable {
      case step(Int64)
      case recoveryCode(index: Int)
    }

    package let pair: Pair
    package let isNext: Bool
    package let proof: Proof
  }

  package enum Admission: Sendable, Equatable {
    case admitted
    /// Both factors are right, and all that they are good for is new credentials.
    case renewalOnly(endedAt: Int64?)
  }

  /// The pair that the second factor belongs to: of a pending renewal both are looked at, the newer one first.
  func candidate(
    _ factor: SignIn.Factor, at now: Int64, isStrict: Bool, _ keys: AccountKeys
  ) throws(AccountError) -> Candidate? {
    switch factor {
    case .totp(let code):
      guard disabled == nil else { return nil }
      var found: Candidate?
      for (pair, isNext) in [(pair, false), (livingNext(at: now), true)] {
        guard let pair else { continue }
        let secret = try pair.secret.open(of: id, version: pair.version, keys)
        let step = OneTimePassword.step(of: code, secret, at: now, isStrict: isStrict)
        if let step, step > pair.lastStep { found = Candidate(pair: pair, isNext: isNext, proof: .step(step)) }
      }
      return found
    case .recoveryCode(let code):
      guard disabled != .byOperator, let pair, let index = pair.recovery.index(of: code) else { return nil }
      return Candidate(pair: pair, isNext: false, proof: .recoveryCode(index: index))
    }
  }

  /// Uses the proof up and says what the sign-in is good for. Both factors were found right.
  mutating func admit(_ candidate: Candidate, at now: Int64) -> Admission {
    var used = candidate.pair
    switch candidate.proof {
    case .step(let step): used.lastStep = step
    case .recoveryCode(let index):
      used.recovery.remove(at: index)
      if disabled == .byAttempts { disabled = nil }
    }
    if candidate.isNext {
      used.diesAt = nil
      pair = used
      next = nil
      claim = nil
      renewal = nil
      // Whoever signed in with what was replaced is out (ASVS 7.4.3).
      sessions = []
    } else {
      pair = used
      // A renewal is pending: the old pair can make another one, and nothing else, so a lost answer locks nobody out.
      if livingNext(at: now) != nil { return .renewalOnly(endedAt: used.expiresAt) }
      next = nil
    }
    if used.isExpired(at: now) { return .renewalOnly(endedAt: used.expiresAt) }
    diesAt = nil
    lastSignIn = now
    return .admitted
  }

  /// Starts a session; of too many the oldest ends.
  mutating func start(_ session: Session, at now: Int64) {
    sessions.removeAll { $0.expiresAt <= now }
    if sessions.count >= AccountLimits.sessions { sessions.removeFirst(sessions.count - AccountLimits.sessions + 1) }
    sessions.append(session)
  }
}
