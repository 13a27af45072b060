import ApusModel
import ApusStore
import Foundation
import Instruments
import Synchronization
import Testing

@Suite struct `A store of secrets` {
  let folder: ScratchFolder
  let database: Database
  let store: SecretStore
  let key: SecretName

  init() throws {
    folder = try ScratchFolder()
    database = try folder.database()
    store = try folder.secrets(database)
    key = try SecretName("key")
  }

  private func value(_ version: Int64? = nil) throws -> String {
    text(try store.open(key, namespace: "openfaas-fn", version: version))
  }

  @Test func `creates, replaces and removes`() throws {
    #expect(try store.create(secret("key", "one"), at: noon).version == 1)
    #expect(try store.replace(secret("key", "two"), at: noon).version == 2)
    #expect(try value() == "two")
    #expect(try value(1) == "one")
    #expect(try store.list().map(\.name) == [key])
    try store.remove(key, namespace: "openfaas-fn")
    #expect(try store.list() == [])
    #expect(kind { () throws(StoreError) in _ = try store.open(key, namespace: "openfaas-fn") } == .notFound)
    #expect(try folder.sqlite("SELECT count(*) FROM secret_values") == "0")
  }

  @Test func `keeps the last two versions`() throws {
    _ = try store.create(secret("key", "one"), at: noon)
    _ = try store.replace(secret("key", "two"), at: noon)
    _ = try store.replace(secret("key", "three"), at: noon)
    #expect(try value(2) == "two")
    #expect(
      kind { () throws(StoreError) in _ = try store.open(key, namespace: "openfaas-fn", version: 1) } == .notFound)
  }

  @Test func `keeps the version when the value is the same`() throws {
    _ = try store.create(secret("key", "one"), at: noon)
    #expect(try store.replace(secret("key", "one"), at: noon).version == 1)
    #expect(try store.replace(secret("key", "One"), at: noon).version == 2)
  }

  @Test func `never gives a version to two values`() throws {
    _ = try store.create(secret("key", "one"), at: noon)
    _ = try store.replace(secret("key", "two"), at: noon)
    try store.remove(key, namespace: "openfaas-fn")
    #expect(try store.create(secret("key", "three"), at: noon).version == 3)
  }

  @Test func `says what is there and what is not`() throws {
    _ = try store.create(secret("key", "one"), at: noon)
    #expect(kind { () throws(StoreError) in _ = try create("key", "two") } == .exists)
    #expect(kind { () throws(StoreError) in _ = try create("key", "two", "nowhere") } == .notFound)
    #expect(kind { () throws(StoreError) in try store.remove(other, namespace: "openfaas-fn") } == .notFound)
    #expect(kind { () throws(StoreError) in try store.remove(key, namespace: "nowhere") } == .notFound)
    let missing = #expect(throws: StoreError.self) { _ = try store.replace(secret("other", "x"), at: noon) }
    #expect(missing?.kind == .notFound)
    #expect(try value() == "one")
  }

  private func create(_ name: String, _ value: String, _ namespace: String = "openfaas-fn") throws(StoreError) {
    var bytes = Array(value.utf8)
    _ = try store.create(Secret(key, namespace: namespace, value: SecureBytes.taking(&bytes)), at: noon)
  }

  private var other: SecretName { (try? SecretName("other")) ?? key }

  @Test func `keeps namespaces apart`() throws {
    try CatalogStore(database).createNamespace("dev", at: noon)
    _ = try store.create(secret("key", "one"), at: noon)
    _ = try store.create(secret("key", "two", namespace: "dev"), at: noon)
    #expect(text(try store.open(key, namespace: "dev")) == "two")
    #expect(try value() == "one")
    #expect(try store.list(namespace: "dev").count == 1)
    #expect(try store.list().map(\.namespace) == ["dev", "openfaas-fn"])
  }

  @Test func `lets one of many who create the same secret win`() throws {
    let wins = Mutex<[String]>([])
    let losses = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      do {
        _ = try store.create(secret("key", "of \(thread)"), at: noon)
        wins.withLock { $0.append("of \(thread)") }
      } catch {
        if (error as? StoreError)?.kind == .exists { losses.withLock { $0 += 1 } }
      }
    }
    #expect(losses.withLock { $0 } == 7)
    #expect(try [value()] == wins.withLock { $0 })
  }

  @Test func `leaves no value in any file`() throws {
    let marker = "plaintext-\(UUID().uuidString)"
    _ = try store.create(secret("marked-name", marker), at: noon)
    _ = try store.replace(secret("marked-name", marker + marker), at: noon)
    _ = try folder.secrets(database).reseal()
    let found = try Shell.run("grep -rlF '\(marker)' '\(folder.path)' 2>&1").output
    #expect(found == "")
    // That grep would find it: the name is not sealed.
    #expect(try Shell.run("grep -rlF marked-name '\(folder.path)' 2>&1").output.contains("apus.db-wal"))
    #expect(try Shell.run("ls '\(folder.path)' 2>&1").output == "apus.db\napus.db-shm\napus.db-wal\nkey\n")
  }

  @Test func `refuses a row that was moved to another name`() throws {
    _ = try store.create(secret("key", "one"), at: noon)
    _ = try store.create(secret("other", "two"), at: noon)
    _ = try folder.sqlite(
      "UPDATE secret_values SET sealed = (SELECT sealed FROM secret_values WHERE name = 'other') WHERE name = 'key'")
    #expect(kind { () throws(StoreError) in _ = try store.open(key, namespace: "openfaas-fn") } == .tampered)
  }

  @Test func `goes on under a new key, and needs the old one no more`() throws {
    _ = try store.create(secret("key", "one"), at: noon)
    _ = try store.replace(secret("key", "two"), at: noon)
    let rotated = try KeyRing.open(folder.file("key")).adding(SecureBytes.random(count: 32))
    try rotated.write(to: folder.file("both"))
    let both = SecretStore(database, SealedBox(rotated))
    #expect(text(try both.open(key, namespace: "openfaas-fn")) == "two")
    #expect(try both.reseal() == 2)
    #expect(try both.reseal() == 0)
    let newOnly = [UInt8](try Data(contentsOf: URL(filePath: folder.file("both")))).prefix(32)
    try folder.write("new", Array(newOnly))
    let after = SecretStore(database, SealedBox(try KeyRing.open(folder.file("new"))))
    #expect(text(try after.open(key, namespace: "openfaas-fn", version: 1)) == "one")
    #expect(try after.unopenable() == [])
    #expect(try store.unopenable().map(\.name) == [key])
    #expect(kind { () throws(StoreError) in _ = try store.open(key, namespace: "openfaas-fn") } == .unknownKey)
  }

  @Test func `takes a new value for what no key opens any more`() throws {
    _ = try store.create(secret("key", "one"), at: noon)
    let stranger = SecretStore(database, SealedBox(try KeyRing.random()))
    #expect(try stranger.replace(secret("key", "two"), at: noon).version == 2)
    #expect(text(try stranger.open(key, namespace: "openfaas-fn")) == "two")
  }
}
