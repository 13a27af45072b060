import ApusArtefacts
import Testing

@Suite struct `A store of artefacts` {
  let fixture: StoredFixture

  init() throws {
    fixture = try StoredFixture()
  }

  @Test func `gives back what was uploaded`() throws {
    let store = try fixture.store()
    let archive = try Tool.python(
      "entry('handler', b'one', mode=0o4700, uid=7)"
        + " + entry('d/x', b'', mode=0o4602) + entry('e', type=DIRTYPE, mode=0) + end"
    )
    let stored = try StoredFixture.upload(archive, fixture.hello, to: store)
    let sum = try Tool.run("sha256sum", input: archive)
    #expect(stored.sha256.hex == String(decoding: sum.prefix(64), as: UTF8.self))
    #expect(stored.byteCount == archive.count)
    let folder = try store.resolve(fixture.hello)
    #expect(folder.sha256 == stored.sha256)
    #expect(folder.hasHandler)
    let listing = try fixture.data.listing("artefacts/.content/\(stored.sha256)")
    #expect(listing == ["644 f d/x", "755 d ", "755 d d", "755 d e", "755 f handler"])
    #expect(try fixture.handler(store) == "one")
    // The tag is a folder to all who open it.
    let byTag = try Tool.run("cat", "\(fixture.data.path)/artefacts/openfaas-fn/hello/latest/handler")
    #expect(byTag == Array("one".utf8))
    #expect(try fixture.data.listing("artefacts/.incoming").count == 1)
  }

  @Test func `has modes that let a replica's own user in, and nobody list`() throws {
    let store = try fixture.store()
    try StoredFixture.upload(StoredFixture.archive("one"), fixture.hello, to: store)
    let listing = try fixture.data.listing("artefacts").filter { $0.contains(" d ") && !$0.contains("/") }
    #expect(listing == ["700 d .incoming", "700 d openfaas-fn", "711 d ", "711 d .content"])
  }

  @Test func `says how to get what it does not have`() throws {
    let store = try fixture.store()
    let name = try ArtefactName(image: "ghcr.io/x/hello:2", namespace: "dev")
    let error = #expect(throws: ArtefactError.self) { try store.resolve(name) }
    #expect(error?.description == "artefact not found: hello:2 (namespace dev); upload it with apus deploy")
    #expect(error?.fault == .notFound)
    #expect(throws: ArtefactError.notFound(name)) { try store.remove(name) }
  }

  @Test func `replaces a tag without disturbing who runs from it`() throws {
    let store = try fixture.store()
    let first = try StoredFixture.upload(StoredFixture.archive("one"), fixture.hello, to: store)
    var running: ArtefactFolder? = try store.resolve(fixture.hello)
    let path = try #require(running?.path)
    let second = try StoredFixture.upload(StoredFixture.archive("two"), fixture.hello, to: store)
    #expect(try fixture.handler(store) == "two")
    #expect(try store.garbage() == [])
    #expect(try Tool.run("cat", path + "/handler") == Array("one".utf8))
    running = nil
    #expect(try store.garbage(used: [first.sha256]) == [])
    #expect(try store.garbage() == [first.sha256])
    #expect(try fixture.left().allSatisfy { $0.contains(second.sha256.hex) || $0.hasSuffix("handler") })
    #expect(try fixture.handler(store) == "two")
  }

  @Test func `keeps one content for equal archives`() throws {
    let store = try fixture.store()
    let archive = try StoredFixture.archive("one")
    let other = try ArtefactName(image: "other:1", namespace: "dev")
    let first = try StoredFixture.upload(archive, fixture.hello, to: store)
    #expect(try StoredFixture.upload(archive, other, to: store).sha256 == first.sha256)
    try store.remove(fixture.hello)
    #expect(throws: ArtefactError.notFound(fixture.hello)) { try store.resolve(fixture.hello) }
    #expect(try store.garbage() == [])
    #expect(try store.resolve(other).sha256 == first.sha256)
    try store.remove(other)
    #expect(try store.garbage() == [first.sha256])
    #expect(try fixture.data.listing("artefacts") == ["700 d .incoming", "711 d ", "711 d .content"])
  }

  @Test func `takes files for an envProcess, without a handler`() throws {
    let store = try fixture.store()
    try StoredFixture.upload(Tool.python("entry('app.py', b'1') + end"), fixture.hello, to: store)
    #expect(try !store.resolve(fixture.hello).hasHandler)
  }

  @Test func `is there again after a restart`() throws {
    try StoredFixture.upload(StoredFixture.archive("one"), fixture.hello, to: fixture.store())
    #expect(try fixture.handler(fixture.store()) == "one")
  }

  @Test func `belongs to one gateway`() throws {
    let store = try fixture.store()
    let error = #expect(throws: ArtefactError.self) { try fixture.store() }
    #expect(error == .inUse(path: fixture.data.path + "/artefacts"))
    _ = store
  }

  @Test(arguments: [
    "rm latest; ln -s ../../../secret latest", "rm latest; ln -s /etc latest", "rm latest; mkdir latest",
    "rm latest; ln -s ../../.content/$(printf '%064d' 0)/.. latest",
    "rm latest; ln -s ../../.content/$(printf '%064d' 0) latest",
    "cd ..; mv hello aside; ln -s aside hello", "cd ../..; mv openfaas-fn aside; ln -s aside openfaas-fn",
    "cd ../../.content; mv * ../aside; ln -s ../aside $(basename $(readlink ../openfaas-fn/hello/latest))",
  ])
  func `follows no link but its own`(damage: String) throws {
    let store = try fixture.store()
    try StoredFixture.upload(StoredFixture.archive("one"), fixture.hello, to: store)
    try Tool.run("sh", "-ec", "cd \(fixture.data.path)/artefacts/openfaas-fn/hello; \(damage)")
    let error = #expect(throws: ArtefactError.self) { try store.resolve(fixture.hello) }
    #expect(error?.fault == .ours)
  }
}
