import ApusAccess
import ApusAccounts
import Testing

@Suite struct `A session` {
  @Test func `goes on by tokens that are good once`() async throws {
    let desk = try Desk()
    let first = try await desk.signIn(try await desk.create())
    let second = try await desk.accounts.refresh(first.refreshToken, from: nil, as: desk.issuer)
    let third = try await desk.accounts.refresh(second.refreshToken, from: nil, as: desk.issuer)
    // Somebody has an old one: nobody goes on.
    for token in [second, third] {
      #expect(
        try await desk.refusal { try await desk.accounts.refresh(token.refreshToken, from: nil, as: desk.issuer) }
          == .notSignedIn)
    }
  }

  @Test(arguments: StoreKind.available)
  func `goes on once for many that bring one token at once, and then ends`(kind: StoreKind) async throws {
    let desk = try Desk(kind)
    let token = try await desk.signIn(try await desk.create()).refreshToken
    let outcomes = try await withThrowingTaskGroup(of: SignedIn?.self) { group in
      for _ in 0..<8 {
        group.addTask {
          do {
            return try await desk.accounts.refresh(token, from: nil, as: desk.issuer)
          } catch AccountRefusal.notSignedIn {
            return nil
          }
        }
      }
      return try await group.reduce(into: [SignedIn]()) { if let signedIn = $1 { $0.append(signedIn) } }
    }
    #expect(outcomes.count == 1)
    let next = try #require(outcomes.first?.refreshToken)
    #expect(
      try await desk.refusal { try await desk.accounts.refresh(next, from: nil, as: desk.issuer) } == .notSignedIn)
  }

  @Test func `is ended by nobody who knows only what its tokens say`() async throws {
    let desk = try Desk()
    let signedIn = try await desk.signIn(try await desk.create())
    let account = try #require(try desk.accounts.store.account(named: "ada"))
    let session = try #require(account.sessions.first)
    let told = try #require(Base32.decode(session.name.utf8))
    let bytes = [OneTimeToken.Purpose.refresh.rawValue] + account.id.bytes + told + [UInt8](repeating: 0, count: 20)
    let forged = Sodium.base64Text(bytes, .urlUnpadded)
    #expect(OneTimeToken(forged, for: .refresh) != nil, "else this test could not fail")
    try await desk.accounts.logOut(forged)
    #expect(
      try await desk.refusal { try await desk.accounts.refresh(forged, from: nil, as: desk.issuer) } == .notSignedIn)
    _ = try await desk.accounts.refresh(signedIn.refreshToken, from: nil, as: desk.issuer)
  }

  @Test func `ends after twelve hours, however often it goes on`() async throws {
    let desk = try Desk()
    var signedIn = try await desk.signIn(try await desk.create())
    for _ in 0..<11 {
      desk.time.advance(3_600)
      signedIn = try await desk.accounts.refresh(signedIn.refreshToken, from: nil, as: desk.issuer)
    }
    desk.time.advance(3_600)
    #expect(
      try await desk.refusal { try await desk.accounts.refresh(signedIn.refreshToken, from: nil, as: desk.issuer) }
        == .notSignedIn)
  }

  @Test func `ends by logging out, by new credentials, and when an operator disables the account`() async throws {
    let desk = try Desk { $0.credentialLife = .seconds(10 * 86_400) }
    let made = try await desk.create()
    func isOver(_ signedIn: SignedIn) async throws -> Bool {
      try await desk.refusal { try await desk.accounts.refresh(signedIn.refreshToken, from: nil, as: desk.issuer) }
        == .notSignedIn
    }
    let first = try await desk.signIn(made)
    desk.time.advance(30)
    let second = try await desk.signIn(made)
    try await desk.accounts.logOut(first.refreshToken)
    #expect(try await isOver(first))
    let new = try await desk.accounts.renew(try #require(second.renewal), from: nil)
    desk.time.advance(30)
    let third = try await desk.signIn(new)
    #expect(try await isOver(second))
    _ = try await desk.accounts.setDisabled("ada", true, from: nil)
    #expect(try await isOver(third))
    desk.time.advance(30)
    #expect(try await desk.refusal { try await desk.signIn(new) } == .notSignedIn)
  }

  @Test func `gives new recovery codes for a code, and the old ones are void`() async throws {
    let desk = try Desk()
    let made = try await desk.create()
    let signedIn = try await desk.signIn(made)
    func ask(_ bearer: String, _ code: String) async throws -> AccountRefusal? {
      try await desk.refusal {
        try await desk.accounts.renewRecoveryCodes(bearer, totp: code, from: nil, as: desk.issuer)
      }
    }
    #expect(try await ask(signedIn.token, desk.code(made)) == .notSignedIn, "the code was used to sign in")
    desk.time.advance(30)
    #expect(try await ask(signedIn.token + "x", desk.code(made)) == .notSignedIn)
    let code = desk.code(made)
    let texts = try await desk.accounts.renewRecoveryCodes(signedIn.token, totp: code, from: nil, as: desk.issuer)
    #expect(texts.count == 10)
    #expect(try await ask(signedIn.token, code) == .notSignedIn)
    #expect(
      try await desk.refusal { try await desk.signIn(made, recoveryCode: made.recoveryCodes[0]) } == .notSignedIn)
    _ = try await desk.signIn(made, recoveryCode: texts[0])
    desk.time.advance(900)
    #expect(try await ask(signedIn.token, desk.code(made)) == .notSignedIn)
  }
}
