import ApusAccounts
import Testing

@Suite struct `The throttle of sign-ins` {
  @Test(
    arguments: [
      (0, 0), (4, 0), (5, 1_000), (6, 2_000), (7, 4_000), (14, 512_000), (15, 900_000), (16, 900_000), (99, 900_000),
      (1_000_000, 900_000),
    ] as [(Int64, Int64)])
  func `waits after so many failures`(failures: Int64, milliseconds: Int64) {
    #expect(SignInThrottle.wait(after: failures) == milliseconds)
  }

  @Test func `waits from the last failure on, and never longer when a clock is set back`() {
    let strikes = Strikes(count: 6, last: 10_000)
    #expect(SignInThrottle.delay(strikes, at: 10_000) == 2)
    #expect(SignInThrottle.delay(strikes, at: 11_999) == 1)
    #expect(SignInThrottle.delay(strikes, at: 12_000) == nil)
    #expect(SignInThrottle.delay(strikes, at: 0) == 2)
  }

  @Test func `is the same for logins that there are and that there are not`() async throws {
    let desk = try Desk()
    let made = try await desk.create()
    var answers: [[AccountRefusal?]] = []
    for login in ["ada", "nobody"] {
      var seen: [AccountRefusal?] = []
      for number in 0..<9 {
        // From everywhere, so that it is the login that is counted.
        seen.append(
          try await desk.refusal {
            try await desk.signIn(made, password: "wrong", login: login, from: "198.51.\(number).1")
          })
      }
      answers.append(seen)
    }
    #expect(answers[0] == answers[1])
    #expect(answers[0].prefix(5).allSatisfy { $0 == .notSignedIn })
    #expect(answers[0].suffix(4).allSatisfy { $0 == .throttled(seconds: 1) })
    // The right credentials wait as well.
    #expect(try await desk.refusal { try await desk.signIn(made) } == .throttled(seconds: 1))
    desk.time.advance(1)
    try await desk.signIn(made)
    desk.time.advance(30)
    // Success forgives.
    #expect(try await desk.refusal { try await desk.signIn(made, password: "wrong") } == .notSignedIn)
    #expect(try await desk.refusal { try await desk.signIn(made, password: "wrong") } == .notSignedIn)
  }

  @Test func `counts one login and one network, however they are written`() async throws {
    let desk = try Desk()
    let made = try await desk.create("élan")
    let spellings = ["élan", "ÉLAN", "e\u{301}lan", "E\u{301}Lan", "éLAN"]
    for (number, login) in spellings.enumerated() {
      let refusal = try await desk.refusal {
        try await desk.signIn(made, password: "wrong", login: login, from: "198.51.\(number).1")
      }
      #expect(refusal == .notSignedIn)
    }
    #expect(try await desk.refusal { try await desk.signIn(made, from: "203.0.113.1") } == .throttled(seconds: 1))

    let addresses = ["2001:db8::1", "2001:DB8:0:0::2", "2001:0db8:0000::ffff:3", "2001:db8::4", "2001:db8:0:0:1::"]
    for (number, address) in addresses.enumerated() {
      let refusal = try await desk.refusal {
        try await desk.signIn(made, login: "guess\(number)", from: address)
      }
      #expect(refusal == .notSignedIn)
    }
    #expect(
      try await desk.refusal { try await desk.signIn(made, login: "other", from: "2001:db8::5") }
        == .throttled(seconds: 1))
  }

  @Test func `counts a network apart from logins`() async throws {
    let desk = try Desk()
    let made = try await desk.create()
    for number in 0..<5 {
      _ = try await desk.refusal { try await desk.signIn(made, login: "guess\(number)", from: "203.0.113.7") }
    }
    #expect(
      try await desk.refusal { try await desk.signIn(made, from: "203.0.113.99") } == .throttled(seconds: 1))
    try await desk.signIn(made, from: "203.0.114.1")
  }

  @Test(
    arguments: [(0, 8), (299_999, 8), (300_000, 7), (900_000, 5), (3_599_999, 0), (3_600_000, 0), (-5, 8)]
      as [(Int64, Int64)])
  func `forgets a failure of a network each five minutes`(milliseconds: Int64, left: Int64) {
    let strikes = Strikes(count: 8, last: 10_000_000)
    #expect(SignInThrottle.remembered(strikes, at: 10_000_000 + milliseconds).count == left)
    let many = Strikes(count: 1_000, last: 10_000_000)
    #expect(SignInThrottle.remembered(many, at: 13_600_000) == .none)
  }

  @Test func `disables at a hundred, until a recovery code or an operator lifts it`() async throws {
    for lifting in ["recovery", "operator"] {
      let desk = try Desk()
      let made = try await desk.create()
      try await desk.signIn(made)
      let name = "l:\(desk.accounts.keys.name(of: "ada"))"
      #expect(
        try desk.accounts.store.change(
          name, from: .none, to: Strikes(count: 99, last: desk.time.seconds * 1_000), until: .max / 2))
      desk.time.advance(900)
      #expect(try await desk.refusal { try await desk.signIn(made, password: "wrong") } == .notSignedIn)
      #expect(try desk.accounts.store.account(made.account)?.disabled == .byAttempts)
      desk.time.advance(900)
      #expect(try await desk.refusal { try await desk.signIn(made) } == .notSignedIn)
      desk.time.advance(900)
      if lifting == "recovery" {
        _ = try await desk.signIn(made, recoveryCode: made.recoveryCodes[0])
      } else {
        _ = try await desk.accounts.setDisabled("ada", false, from: nil)
      }
      desk.time.advance(30)
      try await desk.signIn(made)
    }
  }

  @Test(
    arguments: [
      ("192.0.2.77", "192.0.2.0/24"), ("::ffff:192.0.2.77", "192.0.2.0/24"),
      ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("unix", nil), (nil, nil),
    ] as [(String?, String?)])
  func `knows networks, not people`(address: String?, network: String?) {
    #expect(NetworkAddress.network(of: address) == network)
  }
}
