import ApusArtefacts
import Testing

/// An archive that must not be unpacked, as Python puts it together.
struct HostileArchive: CustomTestStringConvertible, Sendable {
  var script: String
  var reason: TarError.Reason

  init(_ script: String, _ reason: TarError.Reason) {
    self.script = script
    self.reason = reason
  }

  var testDescription: String { script }

  static let limits: ArtefactLimits = {
    var limits = ArtefactLimits()
    limits.entries = 20
    limits.fileBytes = 5000
    limits.totalBytes = 8000
    return limits
  }()

  static let all = kinds + paths + sizes + structure

  static let kinds: [HostileArchive] = [
    .init("entry('a', type=SYMTYPE, linkname='/etc/passwd') + end", .kind(.symbolicLink)),
    .init("entry('a', type=SYMTYPE, linkname='x' * 200, format=GNU_FORMAT) + end", .kind(.symbolicLink)),
    .init("entry('a', type=LNKTYPE, linkname='b') + end", .kind(.hardLink)),
    .init("entry('a', type=CHRTYPE) + end", .kind(.device)),
    .init("entry('a', type=BLKTYPE) + end", .kind(.device)),
    .init("entry('a', type=FIFOTYPE) + end", .kind(.fifo)),
    .init("entry('a', type=GNUTYPE_SPARSE, format=GNU_FORMAT) + end", .kind(.sparse)),
    .init("entry('a', pax_headers={'GNU.sparse.major': '1'}) + end", .kind(.sparse)),
    .init("entry('a', type=CONTTYPE) + end", .kind(.other(0x37))),
    .init("entry('a', type=b'V') + end", .kind(.other(0x56))),
  ]

  static let paths: [HostileArchive] = [
    .init("entry('/etc/passwd') + end", .absolutePath),
    .init("entry('/' + 'a' * 200) + end", .absolutePath),
    .init("entry('/' + 'a' * 200, format=GNU_FORMAT) + end", .absolutePath),
    .init("entry('..', type=DIRTYPE) + end", .parentInPath),
    .init("entry('../a') + end", .parentInPath),
    .init("entry('a/../../b') + end", .parentInPath),
    .init("entry('a/..') + end", .parentInPath),
    .init("record(rec(b'path=../a')) + entry('a') + end", .parentInPath),
    .init("patched(entry('a'), 345, b'..') + end", .parentInPath),
    .init("patched(entry('a'), 345, b'/etc') + end", .absolutePath),
    .init("patched(entry('abc'), 1, b'\\0') + end", .nulInPath),
    .init("record(rec(b'path=a\\0b')) + entry('a') + end", .nulInPath),
    .init("entry('n', b'a\\0b\\0', type=b'L', format=GNU_FORMAT) + entry('a') + end", .nulInPath),
    .init("entry('') + end", .emptyPath),
    .init("entry('./') + end", .fileNamedAsFolder),
    .init("entry('.') + end", .emptyPath),
    .init("record(rec(b'path=')) + entry('a') + end", .emptyPath),
    .init("patched(entry('a'), 0, b'\\xff') + end", .pathNotUTF8),
    .init("entry('a/') + end", .fileNamedAsFolder),
    .init("entry('a') + entry('a') + end", .duplicatePath),
    .init("entry('a') + entry('./a') + end", .duplicatePath),
    .init("entry('a/b') + entry('a//b') + end", .duplicatePath),
    .init("entry('a', type=DIRTYPE) * 2 + end", .duplicatePath),
    .init("entry('a', type=DIRTYPE) + entry('a') + end", .duplicatePath),
    .init("entry('a/b') + entry('a') + end", .duplicatePath),
    .init("entry('a') + entry('a/b') + end", .underFile),
    .init("entry('a') + entry('a', type=DIRTYPE) + end", .duplicatePath),
    .init("entry('a') + entry('a/b', type=DIRTYPE) + end", .underFile),
    .init("entry('a' * 256) + end", .pathTooLong(limit: 255)),
    .init("entry('a/' * 512 + 'a') + end", .pathTooLong(limit: 1024)),
    .init("entry('a/' * 64 + 'a') + end", .tooDeep(limit: 64)),
  ]

  static let sizes: [HostileArchive] = [
    .init("b''.join(entry(str(n)) for n in range(21)) + end", .tooManyEntries(limit: 20)),
    .init("entry('a', bytes(5001)) + end", .fileTooLarge(limit: 5000)),
    .init("entry('a', bytes(5000)) + entry('b', bytes(3001)) + end", .totalTooLarge(limit: 8000)),
    .init("entry('a', size=1 << 40, format=GNU_FORMAT) + end", .fileTooLarge(limit: 5000)),
    .init("patched(entry('a'), 124, b'\\x80' + b'\\xff' * 11) + end", .fileTooLarge(limit: 5000)),
    .init("patched(entry('a'), 124, b'\\xff' * 12) + end", .badNumber(field: "size")),
    .init("patched(entry('a'), 124, b'0000000009 \\0') + end", .badNumber(field: "size")),
    .init("patched(entry('a'), 124, b'-000000001\\0') + end", .badNumber(field: "size")),
    .init("patched(entry('a'), 100, b'\\0' * 8) + end", .badNumber(field: "mode")),
    .init("record(rec(b'size=9999999999999999999')) + entry('a') + end", .badNumber(field: "size")),
    .init("record(rec(b'size=-1')) + entry('a') + end", .badNumber(field: "size")),
    .init("record(rec(b'size=5001')) + entry('a') + end", .fileTooLarge(limit: 5000)),
    .init("patched(entry('a', type=DIRTYPE), 124, b'00000000001\\0') + bytes(512) + end", .folderWithContent),
    .init("patched(record(b''), 124, b'00000200001\\0') + end", .extensionTooLong(limit: 65536)),
    .init("entry('a') + end + bytes((1 << 20) + 1)", .tooMuchPadding(limit: 1 << 20)),
  ]

  static let structure: [HostileArchive] = [
    .init("b''", .truncated),
    .init("bytes(512)", .truncated),
    .init("entry('a')", .truncated),
    .init("b'\\x1f\\x8b' + bytes(600)", .compressed(with: "gzip")),
    .init("b'#!/bin/sh' + b' ' * 600", .notTar),
    .init("patched(entry('a'), 257, bytes(8)) + end", .notTar),
    .init("entry('a').replace(b'a', b'b', 1) + end", .damagedHeader),
    .init("entry('a') + bytes(512) + entry('b') + end", .dataAfterEnd),
    .init("entry('a') + end + entry('b') + end", .dataAfterEnd),
    .init("record(rec(b'path=a')) + end", .badExtension("belongs to no entry")),
    .init("record(rec(b'path=a')) * 2 + entry('a') + end", .badExtension("is not where it may stand")),
    .init(
      "record(rec(b'path=a')) + entry('n', b'b', type=b'L') + entry('a') + end",
      .badExtension("names the entry twice")),
    .init("record(rec(b'path=a') + rec(b'path=b')) + entry('a') + end", .badExtension("names the entry twice")),
    .init("record(rec(b'size=0') + rec(b'size=1')) + entry('a') + end", .badExtension("gives two sizes")),
    .init("record(b'99 path=a\\n') + entry('a') + end", .badExtension("has a record of no readable length")),
    .init("record(b'0 path=a\\n') + entry('a') + end", .badExtension("has a record of no readable length")),
    .init("record(b'010 path=a\\n') + entry('a') + end", .badExtension("has a record of no readable length")),
    .init("record(b'10 path=ab\\n') + entry('a') + end", .badExtension("has a record that is not KEY=VALUE")),
    .init("record(rec(b'comment')) + entry('a') + end", .badExtension("has a record that is not KEY=VALUE")),
    .init(
      "entry('g', rec(b'path=a'), type=b'g') + entry('a') + end",
      .badExtension("gives all entries one path or size")),
    .init(
      "entry('a') + entry('g', rec(b'comment='), type=b'g') + end", .badExtension("is not where it may stand")),
  ]
}

@Suite struct `A hostile archive` {
  @Test(arguments: HostileArchive.all) func `is refused for what it is`(hostile: HostileArchive) throws {
    let archive = try Tool.python(hostile.script)
    for cuts in [[], Array(1..<max(1, min(archive.count, 4096)))] {
      let error = #expect(throws: TarError.self) {
        try TarContent(archive, cuts: cuts, limits: HostileArchive.limits)
      }
      #expect(error?.reason == hostile.reason)
    }
  }

  @Test func `says where, what and what to do`() throws {
    let archive = try Tool.python("entry('a') + entry('b\\n', type=SYMTYPE, linkname='c') + end")
    let error = #expect(throws: TarError.self) { try TarContent(archive) }
    #expect(error?.offset == 512)
    #expect(
      error?.description == #"the archive's entry "b\u{a}" is a symbolic link: artefacts hold files and folders only; "#
        + "put a copy in its place, or pack with --dereference")
  }

  @Test func `may still have a global header that says nothing, and names that differ in case`() throws {
    let archive = try Tool.python("entry('g', rec(b'comment='), type=b'g') + entry('a') + entry('A') + end")
    #expect(try TarContent(archive).files.keys.sorted() == ["A", "a"])
  }
}
