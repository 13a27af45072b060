import ApusAccess
import ApusIO
import Glibc
import Testing

@Suite struct `A folder of credentials` {
  private static func failure(_ body: () throws -> Void) -> CredentialError? {
    do {
      try body()
      return nil
    } catch {
      return error as? CredentialError
    }
  }

  @Test func `is made with a random pair at the first start`() throws {
    let data = try TemporaryFolder()
    let folder = CredentialFolder(path: data.path + "/new/auth")
    let first = try folder.load()
    #expect(first.isNew)
    #expect(first.credentials.name.wholeMatch(of: /admin-[0-9a-z]{4}/) != nil)
    #expect(first.credentials.password.utf8.count >= 24)
    #expect(try data.names() == ["new", "new/auth", "new/auth/basic-auth-password", "new/auth/basic-auth-user"])
    #expect(try data.mode(of: "new/auth") == 0o700)
    #expect(try data.mode(of: "new/auth/basic-auth-user") == 0o600)
    #expect(try data.mode(of: "new/auth/basic-auth-password") == 0o600)

    let second = try folder.load()
    #expect(!second.isNew)
    #expect(second.credentials.name == first.credentials.name)
    #expect(second.credentials.password == first.credentials.password)

    let other = try CredentialFolder(path: data.path + "/auth").load()
    #expect(other.credentials.password != first.credentials.password)
  }

  @Test func `is filled when it is empty`() throws {
    let data = try TemporaryFolder()
    #expect(try CredentialFolder(path: data.path).load().isNew)
    #expect(try data.names() == ["basic-auth-password", "basic-auth-user"])
  }

  @Test func `honours what was given, and keeps what else is in it`() throws {
    let data = try TemporaryFolder()
    try data.write("  root \n", to: "basic-auth-user")
    try data.write("pass word:1\r\n", to: "basic-auth-password", mode: 0o400)
    let loaded = try CredentialFolder(path: data.path).load()
    #expect(!loaded.isNew)
    #expect(loaded.credentials.name == "root")
    #expect(loaded.credentials.password == "pass word:1")
  }

  @Test(arguments: ["basic-auth-user", "basic-auth-password", "note"])
  func `gets what is missing and loses nothing`(given: String) throws {
    let data = try TemporaryFolder()
    try data.write("given-one", to: given)
    let loaded = try CredentialFolder(path: data.path).load()
    #expect(loaded.isNew)
    #expect((loaded.credentials.name == "given-one") == (given == "basic-auth-user"))
    #expect((loaded.credentials.password == "given-one") == (given == "basic-auth-password"))
    #expect(try data.shell("cat '\(data.path)/\(given)'") == "given-one")
    #expect(try data.names() == ["basic-auth-password", "basic-auth-user"] + (given == "note" ? ["note"] : []))
  }

  @Test func `may consist of links, as a mounted secret does`() throws {
    let data = try TemporaryFolder()
    try data.shell("mkdir -p '\(data.path)/auth/..data' && chmod 755 '\(data.path)/auth'")
    try data.write("root", to: "auth/..data/basic-auth-user", mode: 0o400)
    try data.write("secret", to: "auth/..data/basic-auth-password", mode: 0o400)
    try data.shell("cd '\(data.path)/auth' && ln -s ..data/basic-auth-user ..data/basic-auth-password .")
    #expect(try CredentialFolder(path: data.path + "/auth").load().credentials.password == "secret")
  }

  @Test(arguments: [0o644, 0o604, 0o640, 0o660, 0o602, 0o620] as [mode_t])
  func `is refused when others may use a file`(mode: mode_t) throws {
    let data = try TemporaryFolder()
    try data.write("root", to: "basic-auth-user")
    try data.write("secret", to: "basic-auth-password", mode: mode)
    let folder = CredentialFolder(path: data.path)
    let error = CredentialError.exposed(path: data.path + "/basic-auth-password", mode: mode)
    #expect(Self.failure { _ = try folder.load() } == error)
    #expect(Self.failure { _ = try folder.rotate() } == error)
    #expect(error.description.contains("chmod"))
    #expect(error.description.contains("0" + String(mode, radix: 8)))
  }

  @Test func `is refused when others may write into it`() throws {
    let data = try TemporaryFolder()
    try data.shell("chmod 777 '\(data.path)'")
    #expect(Self.failure { _ = try CredentialFolder(path: data.path).load() } == .exposed(path: data.path, mode: 0o777))
    #expect(try data.names().isEmpty)
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
  func `is refused when a file is somebody else's`() throws {
    let data = try TemporaryFolder()
    try data.write("root", to: "basic-auth-user")
    try data.write("secret", to: "basic-auth-password")
    try data.shell("chown 4242 '\(data.path)/basic-auth-user'")
    let error = CredentialError.foreign(path: data.path + "/basic-auth-user", owner: 4_242)
    #expect(Self.failure { _ = try CredentialFolder(path: data.path).load() } == error)
  }

  @Test(arguments: [
    [], Array(" \n".utf8), Array("a\nb".utf8), Array("a\0".utf8), [0xFF, 0x41], Array("a:b".utf8),
    [UInt8](repeating: 0x61, count: 1_025),
  ]) func `is refused when a file holds no name`(bytes: [UInt8]) throws {
    let data = try TemporaryFolder()
    try data.write(bytes, to: "basic-auth-user")
    try data.write("secret", to: "basic-auth-password")
    let error = try #require(Self.failure { _ = try CredentialFolder(path: data.path).load() })
    switch error {
    case .unusable(let path, _), .tooLong(let path): #expect(path == data.path + "/basic-auth-user")
    default: Issue.record("\(error)")
    }
  }

  @Test(arguments: ["mkdir", "mkfifo", "ln -s /dev/null"])
  func `is refused when a file is something else, without waiting for it`(make: String) throws {
    let data = try TemporaryFolder()
    try data.shell("\(make) '\(data.path)/basic-auth-user'")
    let error = try #require(Self.failure { _ = try CredentialFolder(path: data.path).load() })
    #expect(error == .wrongKind(path: data.path + "/basic-auth-user", wanted: "file"))
  }

  @Test func `is refused when it is a file`() throws {
    let data = try TemporaryFolder()
    try data.write("x", to: "auth")
    let error = Self.failure { _ = try CredentialFolder(path: data.path + "/auth").load() }
    #expect(error == .wrongKind(path: data.path + "/auth", wanted: "folder"))
  }

  @Test func `says so when it cannot be made`() throws {
    let data = try TemporaryFolder()
    let error = Self.failure { _ = try CredentialFolder(path: data.path + "/a/b/auth").load() }
    guard case .system(let cause)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(cause.code == ENOENT)
  }

  @Test func `gets a new password and keeps the name`() throws {
    let data = try TemporaryFolder()
    let folder = CredentialFolder(path: data.path)
    #expect(Self.failure { _ = try folder.rotate() } != nil)
    let old = try folder.load().credentials
    let new = try folder.rotate()
    #expect(new.name == old.name)
    #expect(new.password != old.password)
    #expect(try folder.load().credentials.password == new.password)
    #expect(try data.mode(of: "basic-auth-password") == 0o600)
    #expect(try data.names() == ["basic-auth-password", "basic-auth-user"])
  }

  @Test(arguments: [false, true]) func `gives all who start at once the same pair`(hasNote: Bool) async throws {
    let data = try TemporaryFolder()
    try data.shell("mkdir -m 700 '\(data.path)/auth'")
    if hasNote { try data.write("x", to: "auth/note") }
    let folder = CredentialFolder(path: data.path + "/auth")
    let pairs = try await withThrowingTaskGroup(of: CredentialFolder.Loaded.self) { group in
      for _ in 0..<16 { group.addTask { try folder.load() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(pairs.map { $0.credentials.name + ":" + $0.credentials.password }).count == 1)
    #expect(pairs.contains { $0.isNew })
    #expect(
      try data.names() == ["auth", "auth/basic-auth-password", "auth/basic-auth-user"] + (hasNote ? ["auth/note"] : []))
  }
}

@Suite struct `Administrator's credentials` {
  @Test(arguments: [
    ("admin-7f3k", "secret", true), ("admin-7f3k", "secret ", false), ("admin-7f3k", "secre", false),
    ("admin-7f3k", "", false), ("admin-7f3K", "secret", false), ("", "secret", false), ("secret", "admin-7f3k", false),
    ("admin-7f3k:", "secret", false), ("admin-7f3k", String(repeating: "s", count: 100_000), false),
  ]) func `match themselves alone`(name: String, password: String, isMatch: Bool) {
    let credentials = AdminCredentials(name: "admin-7f3k", password: "secret")
    #expect(credentials.match(name: name, password: password) == isMatch)
  }

  @Test(arguments: [
    ("hunter2", false), ("correct horse battery staple", false), (String(repeating: "\u{1F600}", count: 7), false),
    ("Vw7qhnX3tMrkYB9zc5eJdPgA2KsT", true), ("Vw7qhnX3tMrkYB9zc5eJdPgA2KsTa", false),
    ("Vw7qhnX3tMrkYB9zc5eJdPgA2Ks0", false),
  ]) func `count as beyond guessing if they look as ours do`(password: String, isUnguessable: Bool) {
    #expect(AdminCredentials(name: "admin", password: password).isUnguessable == isUnguessable)
  }

  @Test func `do not show their password in a log`() {
    let credentials = AdminCredentials(name: "admin-7f3k", password: "hunter2")
    var dumped = ""
    dump(credentials, to: &dumped)
    for text in ["\(credentials)", String(reflecting: credentials), dumped, "\([credentials])"] {
      #expect(!text.contains("hunter2"))
    }
  }
}
