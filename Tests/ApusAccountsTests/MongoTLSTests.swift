import ApusAccounts
import DatabaseInstruments
import Testing

@Suite(.enabled(if: Mongod.path != nil, "mongod is not here: scripts/test-systems says why"), .serialized)
struct `Accounts in MongoDB over TLS` {
  private static let now: Int64 = 1_800_000_000

  /// Why nothing could be stored by that URI.
  private func failure(_ uri: String) throws -> AccountError? {
    do throws(AccountError) {
      let store = try MongoAccountStore(uri: uri)
      _ = try store.insert(
        Account(.random(), try login(), createdAt: Self.now, diesAt: nil), at: Self.now, pendingLimit: 9)
      return nil
    } catch {
      return error
    }
  }

  private func login() throws(AccountError) -> Login {
    do throws(LoginError) {
      return try Login("ada")
    } catch {
      throw AccountError(.misuse, "\(error)", advice: "")
    }
  }

  @Test func `are stored where the certificate is the host's and its signer is trusted, and nowhere else`() throws {
    let server = try Mongod(withTLS: true)
    let (own, other) = try #require(server.authorities)
    let (byOwn, byOther) = ("tls=true&tlsCAFile=\(own)", "tls=true&tlsCAFile=\(other)")
    #expect(try failure(server.uri()) == nil)
    // The same server by a name that its certificate does not have.
    #expect(try failure(server.uri("127.0.0.1", "directConnection=true&\(byOwn)")) == nil)
    let refused = [
      server.uri("localhost", "directConnection=true&\(byOwn)"),
      server.uri("127.0.0.1", "replicaSet=rs0&\(byOther)"),
      server.uri("127.0.0.1", "replicaSet=rs0&tls=true"),
      server.uri("127.0.0.1", "replicaSet=rs0&tls=true&tlsCAFile=\(own).not-there"),
    ]
    for uri in refused {
      let error = try #require(try failure(uri))
      #expect(error.kind == .unavailable && error.what == "MongoDB's certificate is not trusted", "\(error)")
    }
    // In clear text it takes nobody.
    #expect(try failure(server.uri("127.0.0.1", "replicaSet=rs0"))?.kind == .unavailable)
    // Trusted, and still it is the password that lets one in.
    let locked = try #require(try failure(server.uri("127.0.0.1", "replicaSet=rs0&\(byOwn)", password: "hunter2")))
    #expect(locked.kind == .unavailable && locked.what.contains("lets nobody in") && !"\(locked)".contains("hunter2"))
  }

  @Test(
    arguments: [
      "tlsInsecure=true", "tlsAllowInvalidCertificates=true", "tlsAllowInvalidHostnames=true",
      "sslAllowInvalidCertificates=true", "sslAllowInvalidHostnames=true",
    ])
  func `are not begun where the certificate would not be looked at`(option: String) {
    #expect { try MongoAccountStore(uri: "mongodb://db.example.org/accounts?tls=true&\(option)") } throws: { error in
      (error as? AccountError)?.kind == .settings && "\(error)".contains("not to be checked")
    }
  }
}
