import ApusAccounts
import Testing

@Suite struct `The settings of accounts` {
  @Test func `are the usual ones where nothing is said`() throws {
    #expect(try AccountSettings([:]) == AccountSettings())
    #expect(try AccountSettings(["credential_max_age": ""]) == AccountSettings())
  }

  @Test func `are what the environment says`() throws {
    let settings = try AccountSettings([
      "credential_max_age": "0", "pending_life": "10m", "reveal_taken": "false", "creation": "token",
      "creation_per_hour": "7", "public_url": "https://example.org/", "totp_issuer": "Maison", "totp_strict": "true",
      "hashes_at_once": "3", "pending_accounts": "9", "claim_life": "1h", "refresh_life": "1h", "token_life": "5m",
    ])
    #expect(settings.credentialLife == .unlimited)
    #expect(settings.pendingLife == 600 && settings.claimLife == 3_600)
    #expect(settings.refreshLife == 3_600 && settings.tokenLife == 300)
    #expect(!settings.revealsTaken && settings.creation == .token && settings.isStrict)
    #expect(settings.creationPerHour == 7 && settings.hashesAtOnce == 3 && settings.pendingAccounts == 9)
    #expect(settings.publicURL == "https://example.org" && settings.issuer == "Maison")
  }

  @Test(
    arguments: [
      ("credential_max_age", "half a year"), ("pending_life", "0"), ("reveal_taken", "nope"), ("creation", "closed"),
      ("creation_per_hour", "0"), ("public_url", "example.org"), ("public_url", "https://"),
      ("public_url", "https://a?b"), ("public_url", "https://a#b"), ("totp_issuer", "a:b"), ("hashes_at_once", "-1"),
    ])
  func `that make no sense stop the start, by name`(name: String, value: String) {
    #expect { try AccountSettings([name: value]) } throws: { "\($0)".contains(name) }
  }

  @Test(
    arguments: [
      ("credential_max_ages", "credential_max_age"), ("credental_max_age", "credential_max_age"),
      ("REVEAL_TAKEN", "reveal_taken"), ("totp_stirct", "totp_strict"), ("creations", "creation"),
    ])
  func `that are misspelt stop the start, with what was meant`(name: String, meant: String) {
    #expect { try AccountSettings([name: "true"]) } throws: { "\($0)".contains(name) && "\($0)".contains(meant) }
  }

  @Test(
    arguments: ["read_timeout", "exec_timeout", "PATH", "relation", "pending", "public", "TOKEN_FILE", "claim_file"])
  func `leave other programs' variables alone`(name: String) throws {
    #expect(try AccountSettings([name: "1"]) == AccountSettings())
  }

  @Test(arguments: ["", "sqlite:", "sqlite://x", "sqlite:relative", "postgres://x", "/data/accounts.db"])
  func `name no store by a text like this`(text: String) {
    #expect(throws: AccountError.self) { try AccountStoreLocation(text) }
  }

  @Test func `never print a store's password`() throws {
    let location = try AccountStoreLocation("mongodb://user:hunter2@db.example.org/accounts")
    #expect(!"\(location)".contains("hunter2"))
    var dumped = ""
    dump(location, to: &dumped)
    #expect(!dumped.contains("hunter2"))
  }
}
