import ApusArtefacts
import Glibc
import Testing

@Suite struct `An upload` {
  let fixture: StoredFixture

  init() throws {
    fixture = try StoredFixture()
  }

  @Test func `leaves nothing when it is dropped`() throws {
    let store = try fixture.store()
    var upload: ArtefactUpload? = try store.begin(fixture.hello)
    let archive = try StoredFixture.archive("one", files: 3)
    try archive[..<1500].withUnsafeBytes { try upload?.write($0) }
    #expect(try fixture.left().contains { $0.hasSuffix("/files/0") })
    upload = nil
    #expect(try fixture.left() == [])
    #expect(throws: ArtefactError.notFound(fixture.hello)) { try store.resolve(fixture.hello) }
  }

  @Test(arguments: [
    ("entry('handler', b'1', mode=0o755) + entry('l', type=SYMTYPE) + end", ArtefactError.Fault.archive),
    ("entry('handler', b'1', mode=0o644) + end", .archive), ("end", .archive),
    ("entry('d', type=DIRTYPE) + end", .archive),
    ("entry('handler', b'1', mode=0o755)", .archive), ("entry('handler', bytes(5000), mode=0o755) + end", .tooLarge),
  ])
  func `leaves nothing when it is refused, and the old artefact in its place`(
    script: String, fault: ArtefactError.Fault
  ) throws {
    var limits = ArtefactLimits()
    limits.fileBytes = 4000
    let store = try fixture.store(limits: limits)
    try StoredFixture.upload(StoredFixture.archive("one"), fixture.hello, to: store)
    let before = try fixture.left()
    let upload = try store.begin(fixture.hello)
    let archive = try Tool.python(script)
    let error = #expect(throws: ArtefactError.self) {
      try archive.withUnsafeBytes { try upload.write($0) }
      _ = try upload.finish()
    }
    #expect(error?.fault == fault)
    #expect(try fixture.left() == before)
    #expect(throws: ArtefactError.ended) { try archive.withUnsafeBytes { try upload.write($0) } }
    #expect(throws: ArtefactError.ended) { try upload.finish() }
    #expect(try fixture.handler(store) == "one")
  }

  @Test func `leaves nothing past the next start when its process is killed`() async throws {
    let path = fixture.data.path
    try StoredFixture.upload(StoredFixture.archive("one"), fixture.hello, to: fixture.store())
    let before = try fixture.left()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let store = try ArtefactStore(data: path)
      let upload = try store.begin(ArtefactName(image: "hello:latest"))
      let archive = try StoredFixture.archive("two", files: 3)
      try archive[..<1500].withUnsafeBytes { try upload.write($0) }
      kill(getpid(), SIGKILL)
    }
    #expect(try fixture.left().count > before.count)
    let store = try fixture.store()
    #expect(try fixture.left() == before)
    #expect(try fixture.handler(store) == "one")
  }

  @Test func `wins whole or loses whole against another of the same tag`() async throws {
    let store = try fixture.store()
    let hello = fixture.hello
    let texts = (0..<4).map { "text \($0)" }
    let archives = try texts.map { try StoredFixture.archive($0, files: 20) }
    for _ in 0..<5 {
      try await withThrowingTaskGroup { group in
        for archive in archives {
          group.addTask { _ = try StoredFixture.upload(archive, hello, to: store) }
        }
        // In the midst of it all, each content found is one whole content.
        group.addTask {
          for _ in 0..<20 {
            guard let folder = try? store.resolve(hello) else { continue }
            #expect(try Set(Self.contents(folder.path)).count == 1)
            try store.garbage()
          }
        }
        try await group.waitForAll()
      }
      let contents = try Self.contents(store.resolve(hello).path)
      #expect(contents.count == 21)
      #expect(Set(contents).count == 1 && texts.contains(contents[0]))
      try store.garbage()
      #expect(try fixture.data.listing("artefacts/.content").filter { !$0.contains("/") }.count == 2)
      #expect(try fixture.data.listing("artefacts/.incoming").count == 1)
    }
  }

  private static func contents(_ path: String) throws -> [String] {
    let all = try Tool.run("sh", "-c", "cd \(path) && for f in handler files/*; do cat $f; echo; done")
    return String(decoding: all, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func `waits for another to end when there are too many`() throws {
    var limits = ArtefactLimits()
    limits.uploads = 2
    let store = try fixture.store(limits: limits)
    var first: ArtefactUpload? = try store.begin(fixture.hello)
    let second = try store.begin(fixture.hello)
    #expect(throws: ArtefactError.tooManyUploads(limit: 2)) { try store.begin(fixture.hello) }
    first = nil
    _ = (first, try store.begin(fixture.hello))
    _ = second
  }

  @Test(.enabled(if: getuid() == 0, "needs a file system of its own"))
  func `says that the disk is full`() throws {
    let path = fixture.data.path
    try Tool.run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", path)
    defer { _ = try? Tool.run("umount", "-l", path) }
    let store = try fixture.store()
    let archive = try Tool.python("entry('handler', bytes(1 << 20), mode=0o755) + end")
    let error = #expect(throws: ArtefactError.self) { try StoredFixture.upload(archive, fixture.hello, to: store) }
    #expect(error?.fault == .disk)
    #expect(error?.description.hasSuffix("make room, then upload again") == true)
    #expect(try fixture.left() == [])
    try StoredFixture.upload(StoredFixture.archive("one"), fixture.hello, to: store)
    #expect(try fixture.handler(store) == "one")
  }
}
