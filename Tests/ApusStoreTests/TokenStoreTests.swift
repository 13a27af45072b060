import ApusIO
import ApusModel
import ApusStore
import Instruments
import Testing

@Suite struct `A store of tokens` {
  let folder: ScratchFolder
  let tokens: TokenStore

  init() throws {
    folder = try ScratchFolder()
    tokens = TokenStore(try folder.database())
  }

  private func later(_ seconds: Int64) -> WallClock { WallClock(seconds: noon.seconds + seconds) }

  @Test func `knows its own token, with its scopes and function`() throws {
    let made = try tokens.issue([.invoke, .read], function: FunctionName("hello"), expiresAt: later(60), at: noon)
    #expect(try tokens.verify(made.text, at: noon) == .accepted(made.token))
    let listed = try tokens.list()
    #expect(listed.map(\.id) == [made.token.id])
    #expect(listed.first?.scopes == [.invoke, .read])
    #expect(try listed.first?.function == FunctionName("hello"))
  }

  @Test func `lets nobody in with a token that has expired or was revoked`() throws {
    let made = try tokens.issue([.read], expiresAt: later(60), at: noon)
    guard case .accepted = try tokens.verify(made.text, at: later(59)) else { return #expect(Bool(false)) }
    guard case .expired(let token) = try tokens.verify(made.text, at: later(60)) else { return #expect(Bool(false)) }
    #expect(token.id == made.token.id)
    try tokens.revoke(made.token.id)
    #expect(try tokens.verify(made.text, at: noon) == .unknown)
    #expect(kind { () throws(StoreError) in try tokens.revoke(made.token.id) } == .notFound)
  }

  @Test func `lets nobody in with a text that is one character away`() throws {
    let made = try tokens.issue([.deploy], expiresAt: nil, at: noon)
    let text = Array(made.text.utf8)
    #expect(text.count == 5 + 16 + 1 + 64)
    for index in text.indices {
      var other = text
      other[index] = other[index] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
      #expect(try tokens.verify(String(decoding: other, as: UTF8.self), at: noon) == .unknown, "at \(index)")
    }
    for wrong in ["", "apus_", made.text + "0", String(made.text.dropLast()), made.text.uppercased(), "Bearer"] {
      #expect(try tokens.verify(wrong, at: noon) == .unknown)
    }
  }

  @Test func `keeps nothing that would let anybody in`() throws {
    let made = try tokens.issue([.deploy], expiresAt: nil, at: noon)
    let secret = made.text.suffix(64)
    #expect(try Shell.run("grep -rlF '\(secret)' '\(folder.path)' 2>&1").output == "")
    #expect(try folder.sqlite("SELECT length(hash), id FROM tokens") == "32|\(made.token.id)")
    #expect(try folder.sqlite("SELECT count(*) FROM tokens WHERE hex(hash) LIKE '\(secret)'") == "0")
  }

  @Test func `notes a use within ten minutes`() throws {
    let made = try tokens.issue([.read], expiresAt: nil, at: noon)
    #expect(try tokens.list().first?.usedAt == nil)
    _ = try tokens.verify(made.text, at: later(1))
    _ = try tokens.verify(made.text, at: later(599))
    #expect(try tokens.list().first?.usedAt == later(1))
    _ = try tokens.verify(made.text, at: later(601))
    #expect(try tokens.list().first?.usedAt == later(601))
  }

  @Test func `makes no token without a scope`() throws {
    #expect(kind { () throws(StoreError) in _ = try tokens.issue([], expiresAt: nil, at: noon) } == .invalid)
  }

  @Test func `gives a scope of a later version no meaning`() throws {
    let made = try tokens.issue([.read], expiresAt: nil, at: noon)
    _ = try folder.sqlite("UPDATE tokens SET scopes = 'read,everything'")
    #expect(try tokens.list().first?.scopes == [.read])
    _ = made
  }

  @Test func `forgets what expired a month ago, and has an end`() throws {
    let database = try folder.database()
    _ = try tokens.issue([.read], expiresAt: later(1), at: noon)
    try database.transaction { connection throws(StoreError) in
      for number in 0..<StoreLimits.tokens {
        try connection.run(
          "INSERT INTO tokens VALUES (?, zeroblob(32), 'read', NULL, NULL, 0, NULL, NULL)", [.text("t\(number)")])
      }
    }
    let month = later(31 * 86_400)
    #expect(kind { () throws(StoreError) in _ = try tokens.issue([.read], expiresAt: nil, at: month) } == .tooMany)
    try tokens.revoke("t1")
    _ = try tokens.issue([.read], expiresAt: nil, at: month)
    #expect(try tokens.list().count == StoreLimits.tokens)
  }
}
