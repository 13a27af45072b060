import ApusArtefacts
import Instruments
import Testing

@Suite struct `A reader of archives` {
  /// A tree with what the formats write differently: long paths, letters beyond ASCII, an empty file, a lone folder.
  private static func tree() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    let long = String(repeating: "long-name/", count: 9) + String(repeating: "x", count: 140)
    try folder.write("handler", Array("#!/bin/sh\n".utf8), mode: 0o4751)
    try folder.write("data/empty", [], mode: 0o600)
    try folder.write("data/Empty", [1])
    try folder.write("data/blöck", [UInt8](repeating: 7, count: 512))
    try folder.write(long, [UInt8](repeating: 9, count: 1000))
    try Tool.run("mkdir", "\(folder.path)/lone")
    return folder
  }

  @Test(arguments: ["gnu", "oldgnu", "posix"], [".", "handler data long-name lone"])
  func `reads what Debian's tar writes`(format: String, operands: String) throws {
    let folder = try Self.tree()
    let archive = try Tool.run(
      "sh", "-c", "cd \(folder.path) && tar --format=\(format) -cf - \(operands)")
    let content = try TarContent(archive)
    let listing = try folder.listing()
    let files = listing.filter { $0.contains(" f ") }
    #expect(content.files.count == files.count)
    for (path, file) in content.files {
      #expect(try file.content == folder.read(path), "\(path)")
      #expect(file.isExecutable == (path == "handler"))
    }
    let root = operands == "." ? 1 : 0
    #expect(content.folders.count == listing.filter { $0.contains(" d ") }.count - 1 + root)
    #expect(content.folders.contains("lone"))
  }

  @Test(arguments: ["PAX_FORMAT", "GNU_FORMAT", "USTAR_FORMAT"])
  func `reads what Python writes`(format: String) throws {
    let script = """
      entry('a/' * 60 + 'b', b'x' * 700, format=\(format), mode=0o755, mtime=1.5, uid=1000)
        + entry('c', format=\(format), type=AREGTYPE) + end + bytes(9000)
      """.replacing("\n", with: " ")
    let content = try TarContent(Tool.python(script))
    let long = String(repeating: "a/", count: 60) + "b"
    #expect(content.files[long] == .init(content: [UInt8](repeating: 120, count: 700), isExecutable: true))
    #expect(content.files["c"] == .init())
  }

  private static let cutSample =
    "entry('p' * 120, b'one' * 200, mode=0o755) + entry('d', type=DIRTYPE) + entry('q' * 101, b'2', format=GNU_FORMAT)"
    + " + entry('e') + end"

  @Test func `says the same wherever the archive is cut in two`() throws {
    let archive = try Tool.python(Self.cutSample)
    let whole = try TarContent(archive)
    #expect(whole.files.count == 3)
    for cut in 0...archive.count {
      let content = try TarContent(archive, cuts: [cut])
      if content != whole { Issue.record("cut at \(cut)") }
    }
  }

  @Test(arguments: [1, 2, 3, 511, 512, 513, 1023])
  func `says the same in pieces of one size`(size: Int) throws {
    let archive = try Tool.python(Self.cutSample)
    let cuts = Array(stride(from: 0, to: archive.count, by: size))
    #expect(try TarContent(archive, cuts: cuts) == TarContent(archive))
  }

  @Test func `takes no part for the whole`() throws {
    let archive = try Tool.python(Self.cutSample)
    // The last block of zeros is the end; one byte less is not.
    for count in 0..<archive.count where count % 97 == 0 || count > archive.count - 3 {
      let error = #expect(throws: TarError.self) { try TarContent(Array(archive[..<count])) }
      #expect(error?.reason == .truncated, "\(count)")
    }
  }

  @Test func `survives one changed byte anywhere`() throws {
    let archive = try Tool.python(Self.cutSample)
    let whole = try TarContent(archive)
    for position in 0..<512 {
      var changed = archive
      changed[position] ^= 0x41
      // The checksum sees each.
      #expect(throws: TarError.self) { try TarContent(changed) }
    }
    var random = SeededRandom(3)
    for _ in 0..<500 {
      var changed = archive
      changed[Int.random(in: 0..<archive.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      if let content = try? TarContent(changed) { #expect(content.files.count <= whole.files.count) }
    }
  }

  @Test func `counts folders that only paths name`() throws {
    var limits = ArtefactLimits()
    limits.entries = 3
    let archive = try Tool.python("entry('a/b/c') + end")
    #expect(try TarContent(archive, limits: limits).files.count == 1)
    limits.entries = 2
    let error = #expect(throws: TarError.self) { try TarContent(archive, limits: limits) }
    #expect(error?.reason == .tooManyEntries(limit: 2))
    #expect(error?.isTooLarge == true)
  }
}
