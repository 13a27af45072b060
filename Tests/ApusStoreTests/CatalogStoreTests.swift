import ApusIO
import ApusModel
import ApusStore
import Testing

/// A name that is always there for a test that needs any.
let anyFunction: FunctionName = {
  guard let name = try? FunctionName("any") else { preconditionFailure("“any” is a name") }
  return name
}()

@Suite struct `A catalog` {
  let folder: ScratchFolder
  let database: Database
  let catalog: CatalogStore
  let hello: FunctionName

  init() throws {
    folder = try ScratchFolder()
    database = try folder.database()
    catalog = CatalogStore(database)
    hello = try FunctionName("hello")
  }

  @Test func `counts a generation for each change, and none for the same again`() throws {
    let later = WallClock(seconds: noon.seconds + 60, nanoseconds: 5)
    let made = try catalog.apply(hello, document: "{\"a\":1}", at: noon)
    #expect(made.change == .created)
    #expect(try catalog.apply(hello, document: "{\"a\":1}", at: later).change == .unchanged)
    #expect(try catalog.get(hello) == made.deployment)
    let changed = try catalog.apply(hello, document: "{\"a\":2}", at: later)
    #expect(changed.change == .changed)
    #expect(changed.deployment.generation == 2)
    #expect(changed.deployment.createdAt == noon)
    #expect(changed.deployment.updatedAt == later)
  }

  @Test func `keeps what it was given, byte for byte, over a restart`() throws {
    let document = "{ \"é\" : \"\\u0000 \u{1F426}\" ,\n}"
    let other = try FunctionName(name: "hello", namespace: "dev")
    try catalog.createNamespace("dev", at: noon)
    _ = try catalog.apply(hello, document: document, at: noon)
    _ = try catalog.apply(other, document: "x", at: noon)
    let again = CatalogStore(try folder.database())
    #expect(try again.get(hello)?.document == document)
    #expect(try again.list().map(\.name) == [other, hello])
    #expect(try again.list(namespace: "dev").map(\.document) == ["x"])
  }

  @Test func `keeps the wanted replicas over an apply`() throws {
    _ = try catalog.apply(hello, document: "a", at: noon)
    #expect(try catalog.scale(hello, to: 0).replicas == 0)
    #expect(try catalog.scale(hello, to: 3).generation == 1)
    #expect(try catalog.apply(hello, document: "b", at: noon).deployment.replicas == 3)
    #expect(kind { () throws(StoreError) in _ = try catalog.scale(hello, to: -1) } == .invalid)
  }

  @Test func `says what is not there`() throws {
    #expect(try catalog.get(hello) == nil)
    #expect(kind { () throws(StoreError) in try catalog.remove(hello) } == .notFound)
    #expect(kind { () throws(StoreError) in _ = try catalog.scale(hello, to: 1) } == .notFound)
    let elsewhere = try FunctionName(name: "hello", namespace: "nowhere")
    let failed = kind { () throws(StoreError) in _ = try catalog.apply(elsewhere, document: "{}", at: noon) }
    #expect(failed == .notFound)
  }

  @Test func `removes`() throws {
    _ = try catalog.apply(hello, document: "a", at: noon)
    try catalog.remove(hello)
    #expect(try catalog.list() == [])
    #expect(try catalog.apply(hello, document: "a", at: noon).deployment.generation == 1)
  }

  @Test func `refuses a deployment without end`() throws {
    let document = String(repeating: "x", count: StoreLimits.deploymentBytes)
    #expect(try catalog.apply(hello, document: document, at: noon).change == .created)
    let failed = kind { () throws(StoreError) in _ = try catalog.apply(hello, document: document + "x", at: noon) }
    #expect(failed == .tooLarge)
  }

  @Test func `records a change together with who made it`() throws {
    let entry = AuditEntry(at: noon, actor: "admin", action: "deploy function", subject: "hello")
    _ = try catalog.apply(hello, document: "a", at: noon, audit: entry)
    _ = try catalog.apply(hello, document: "a", at: noon, audit: entry)
    try catalog.remove(hello, audit: entry)
    #expect(kind { () throws(StoreError) in try catalog.remove(hello, audit: entry) } == .notFound)
    #expect(try AuditStore(database).newest(10).map(\.entry) == [entry, entry])
  }
}

@Suite struct `A namespace` {
  let catalog: CatalogStore
  let database: Database
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    database = try folder.database()
    catalog = CatalogStore(database)
  }

  @Test func `is there from the start, and stays`() throws {
    #expect(try catalog.namespaces().map(\.name) == ["openfaas-fn"])
    #expect(kind { () throws(StoreError) in try catalog.removeNamespace("openfaas-fn") } == .inUse)
  }

  @Test func `is created, changed and removed`() throws {
    try catalog.createNamespace("dev", labels: "{\"openfaas\":\"1\"}", at: noon)
    #expect(kind { () throws(StoreError) in try catalog.createNamespace("dev", at: noon) } == .exists)
    try catalog.updateNamespace("dev", labels: "{}", annotations: "{\"a\":\"b\"}")
    let found = try catalog.namespace("dev")
    #expect(found?.labels == "{}" && found?.annotations == "{\"a\":\"b\"}" && found?.createdAt == noon)
    try catalog.removeNamespace("dev")
    #expect(try catalog.namespace("dev") == nil)
    #expect(kind { () throws(StoreError) in try catalog.removeNamespace("dev") } == .notFound)
    let failed = kind { () throws(StoreError) in
      try catalog.updateNamespace("dev", labels: "{}", annotations: "{}")
    }
    #expect(failed == .notFound)
  }

  @Test func `that holds a function or a secret stays`() throws {
    try catalog.createNamespace("dev", at: noon)
    let hello = try FunctionName(name: "hello", namespace: "dev")
    _ = try catalog.apply(hello, document: "a", at: noon)
    #expect(kind { () throws(StoreError) in try catalog.removeNamespace("dev") } == .inUse)
    try catalog.remove(hello)
    let secrets = try folder.secrets(database)
    _ = try secrets.create(secret("key", "x", namespace: "dev"), at: noon)
    #expect(kind { () throws(StoreError) in try catalog.removeNamespace("dev") } == .inUse)
    try secrets.remove(SecretName("key"), namespace: "dev")
    try catalog.removeNamespace("dev")
  }

  @Test(arguments: ["", "Dev", "a.b", "-a", "a_b", String(repeating: "a", count: 64), "é"])
  func `has a name that DNS knows`(name: String) {
    #expect(kind { () throws(StoreError) in try catalog.createNamespace(name, at: noon) } == .invalid)
  }
}
