import ApusAccess
import ApusModel
import Testing

@Suite struct `An access policy` {
  private static func function(_ text: String) throws -> FunctionName { try FunctionName(text) }

  private static func token(_ scopes: ScopeSet, only: String? = nil) throws -> Caller {
    .token(id: "t1", scopes: scopes, function: try only.map { try FunctionName($0) })
  }

  private static func subject(_ issuer: String = "authenticate") throws -> Caller {
    .subject(id: "01J9", scopes: .all, issuer: try function(issuer))
  }

  private static func callers() throws -> [Caller] {
    [
      .anonymous, .unproven, try token([]), try token(.all), try token(.all, only: "hello"), try subject(),
      try subject("authenticate.other"),
    ]
  }

  private static func needs() throws -> [AccessNeed] {
    let hello = try function("hello")
    let scopes = Scope.allCases.flatMap { [AccessNeed.scope($0, function: nil), .scope($0, function: hello)] }
    let accesses: [FunctionAccess] = [.anyone, .token, .jwt(issuer: try function("authenticate"))]
    return scopes + accesses.map { .call(hello, $0) } + [.admin, .nothing]
  }

  private static func status(_ caller: Caller, _ need: AccessNeed, isOpen: Bool = false) -> Int {
    var policy = AccessPolicy()
    policy.isOpen = isOpen
    return switch policy.decide(caller, need) {
    case .allowed: 200
    case .refused(let refusal): refusal.status
    }
  }

  @Test func `lets an administrator do all`() throws {
    for need in try Self.needs() { #expect(Self.status(.admin(name: "admin-7f3k"), need) == 200) }
  }

  @Test func `lets nobody else do what the administrator alone may`() throws {
    for caller in try Self.callers() {
      #expect([401, 403].contains(Self.status(caller, .admin)), "\(caller)")
    }
  }

  @Test(arguments: Scope.allCases, Scope.allCases) func `takes a scope for itself and for no other`(
    held: Scope, wanted: Scope
  ) throws {
    let caller = try Self.token([held])
    #expect(Self.status(caller, .scope(wanted, function: nil)) == (held == wanted ? 200 : 403))
    var others = ScopeSet(Scope.allCases.filter { $0 != wanted })
    #expect(Self.status(try Self.token(others), .scope(wanted, function: nil)) == 403)
    others.insert(wanted)
    #expect(Self.status(try Self.token(others), .scope(wanted, function: nil)) == 200)
  }

  @Test(arguments: [
    ("hello", "hello", 200), ("hello", "hello.openfaas-fn", 200), ("hello", "other", 403),
    ("hello", "hello.staging", 403), ("hello.staging", "hello", 403), ("hello.staging", "hello.staging", 200),
  ]) func `holds a token to its function`(only: String, asked: String, status: Int) throws {
    let caller = try Self.token(.all, only: only)
    let function = try Self.function(asked)
    #expect(Self.status(caller, .scope(.deploy, function: function)) == status)
    #expect(Self.status(caller, .call(function, .token)) == status)
    // What concerns all functions concerns others too.
    #expect(Self.status(caller, .scope(.read, function: nil)) == 403)
  }

  @Test(arguments: [
    ("anonymous", [200, 401, 401, 401]), ("unproven", [200, 401, 401, 401]), ("invoke", [200, 200, 403, 403]),
    ("deploy", [200, 403, 403, 403]), ("account", [200, 403, 200, 401]), ("foreign account", [200, 403, 401, 401]),
    ("admin", [200, 200, 200, 200]),
  ]) func `lets call what a function's deployment says`(who: String, statuses: [Int]) throws {
    let callers: [String: Caller] = [
      "anonymous": .anonymous, "unproven": .unproven, "invoke": try Self.token([.invoke]),
      "deploy": try Self.token([.deploy, .read, .accounts]), "account": try Self.subject(),
      "foreign account": try Self.subject("authenticate.other"), "admin": .admin(name: "a"),
    ]
    let hello = try Self.function("hello")
    let caller = try #require(callers[who])
    let accesses: [FunctionAccess] = [
      .anyone, .token, .jwt(issuer: try Self.function("authenticate")), .jwt(issuer: try Self.function("guests")),
    ]
    #expect(accesses.map { Self.status(caller, .call(hello, $0)) } == statuses)
  }

  @Test func `does not let an account manage anything, whatever its issuer says of it`() throws {
    for scope in Scope.allCases {
      #expect(Self.status(try Self.subject(), .scope(scope, function: try Self.function("hello"))) == 403)
    }
  }

  @Test func `answers as OpenFaaS does where its clients ask for a password`() throws {
    for caller in [Caller.anonymous, .unproven] {
      for need: AccessNeed in [.admin, .scope(.deploy, function: nil), .scope(.read, function: nil)] {
        guard case .refused(let refusal) = AccessPolicy().decide(caller, need) else {
          Issue.record("\(caller) may \(need)")
          continue
        }
        #expect(refusal.status == 401)
        #expect(refusal.challenge == #"Basic realm="Restricted""#)
        #expect(refusal.text == "invalid credentials")
      }
    }
  }

  @Test func `says why, and what to do, in every refusal`() throws {
    for caller in try Self.callers() {
      for need in try Self.needs() {
        guard case .refused(let refusal) = AccessPolicy().decide(caller, need) else { continue }
        #expect(!refusal.text.isEmpty && !refusal.advice.isEmpty && !refusal.code.isEmpty)
        // RFC 9110 section 15.5.2: a 401 has a challenge.
        #expect(refusal.status == 403 || refusal.challenge != nil)
        #expect((refusal.text + refusal.advice + (refusal.challenge ?? "")).utf8.allSatisfy { $0 >= 0x20 })
      }
    }
  }

  @Test func `opens the gateway's own routes only if it is told to, and functions never`() throws {
    for need in try Self.needs() {
      if case .call(_, let access) = need {
        #expect(Self.status(.anonymous, need, isOpen: true) == (access == .anyone ? 200 : 401))
      } else {
        #expect(Self.status(.anonymous, need, isOpen: true) == 200)
      }
    }
  }

  @Test func `has answers for those who guess and for an issuer that sleeps`() {
    #expect(AccessRefusal.throttled(seconds: 8).status == 429)
    #expect(AccessRefusal.throttled(seconds: 8).retryAfter == 8)
    #expect(AccessRefusal.issuerUnavailable(seconds: 3).status == 503)
  }
}

@Suite struct `A caller` {
  @Test func `is named to functions by who answers for the name`() throws {
    let issuer = try FunctionName("authenticate")
    #expect(Caller.anonymous.subjectField == nil)
    #expect(Caller.unproven.subjectField == nil)
    #expect(Caller.admin(name: "admin-7f3k").subjectField == "apus:admin/admin-7f3k")
    #expect(Caller.token(id: "t1", scopes: [.invoke], function: nil).subjectField == "apus:token/t1")
    #expect(Caller.subject(id: "01J9", scopes: [.read], issuer: issuer).subjectField == "01J9")
    #expect(Caller.subject(id: "01J9", scopes: [.read], issuer: issuer).scopes.description == "read")
    #expect(Caller.admin(name: "a").scopes.description == "deploy invoke read accounts")
    #expect(Caller.unproven.scopes.isEmpty)
  }
}

@Suite struct `Scopes` {
  @Test(arguments: [
    ("", ""), ("deploy", "deploy"), ("read,deploy", "deploy read"), (" invoke  accounts,invoke", "invoke accounts"),
  ]) func `are read as people write them`(text: String, canonical: String) throws {
    let scopes = try ScopeSet(text)
    #expect(scopes.description == canonical)
    #expect(try ScopeSet(scopes.description) == scopes)
  }

  @Test(arguments: ["admin", "Deploy", "deploy;read", "deploy read x", "*"]) func `are known words`(text: String) {
    #expect(throws: ScopeError.self) { try ScopeSet(text) }
    #expect(ScopeError(of: text)?.description.contains("deploy, invoke, read, accounts") == true)
  }
}

extension ScopeError {
  fileprivate init?(of text: String) {
    do throws(ScopeError) {
      _ = try ScopeSet(text)
      return nil
    } catch {
      self = error
    }
  }
}
