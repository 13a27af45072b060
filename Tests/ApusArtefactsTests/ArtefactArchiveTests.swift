import ApusArtefacts
import Instruments
import Testing

@Suite struct `A packed archive` {
  /// The whole archive, read `size` bytes at a time.
  static func pack(_ path: String, size: Int = 4096, limits: ArtefactLimits = ArtefactLimits()) throws -> [UInt8] {
    var archive = try ArtefactArchive(of: path, limits: limits)
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: size)
    while true {
      let count = try piece.withUnsafeMutableBytes { try archive.read(into: $0) }
      if count == 0 { break }
      bytes += piece[..<count]
    }
    #expect(bytes.count == archive.byteCount)
    return bytes
  }

  private static func tree() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try folder.write("tree/handler", [UInt8](repeating: 1, count: 70_000), mode: 0o700)
    try folder.write("tree/b/blöck", [UInt8](repeating: 7, count: 512), mode: 0o600)
    try folder.write("tree/b/empty", [])
    try folder.write("tree/" + String(repeating: "long/", count: 30) + "x", [1, 2, 3])
    for length in 98...104 { try folder.write("tree/" + String(repeating: "n", count: length), [5]) }
    try Tool.run("mkdir", "\(folder.path)/tree/lone")
    return folder
  }

  @Test func `is what tar unpacks`() throws {
    let folder = try Self.tree()
    try folder.write("a.tar", Self.pack("\(folder.path)/tree"))
    try Tool.run("mkdir", "\(folder.path)/out")
    try Tool.run("tar", "-C", "\(folder.path)/out", "-xf", "\(folder.path)/a.tar")
    try Tool.run("diff", "-r", "\(folder.path)/tree", "\(folder.path)/out")
    let listing = String(
      decoding: try Tool.run("tar", "--numeric-owner", "-tvf", "\(folder.path)/a.tar"), as: UTF8.self)
    let lines = listing.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    // Every folder and file but the root.
    #expect(try lines.count == folder.listing("tree").count - 1)
    #expect(lines.allSatisfy { $0[1] == "0/0" && $0[3] == "1970-01-01" && $0[4] == "00:00" })
    #expect(lines.first { $0[5] == "handler" }?[0] == "-rwxr-xr-x")
    #expect(lines.first { $0[5] == "b/blöck" }?[0] == "-rw-r--r--" || listing.contains("-rw-r--r--"))
    #expect(lines.first { $0[5] == "lone/" }?[0] == "drwxr-xr-x")
  }

  @Test(arguments: [1, 511, 512, 1 << 20]) func `is the same bytes, however and whenever it is read`(size: Int) throws {
    let folder = try Self.tree()
    let archive = try Self.pack("\(folder.path)/tree")
    try Tool.run("touch", "-d", "2001-01-01", "\(folder.path)/tree/handler", "\(folder.path)/tree")
    #expect(try Self.pack("\(folder.path)/tree", size: size) == archive)
    #expect(try TarContent(archive).files["handler"]?.isExecutable == true)
  }

  @Test func `holds a single program as its handler`() throws {
    let folder = try ScratchFolder()
    try folder.write("my-program", [1, 2], mode: 0o755)
    let content = try TarContent(Self.pack("\(folder.path)/my-program"))
    #expect(content.files == ["handler": .init(content: [1, 2], isExecutable: true)])
    #expect(content.folders == [])
  }

  @Test(arguments: [
    ("ln -s /etc/passwd f/link", "f", PackingError.entry("link", .kind(.symbolicLink))),
    ("mkfifo f/pipe", "f", .entry("pipe", .kind(.device))),
    ("printf 12345678901 > f/big", "f", .entry("big", .fileTooLarge(limit: 10))),
    ("printf 123456 > f/a; printf 1234567890 > f/b", "f", .entry("b", .totalTooLarge(limit: 15))),
    ("touch f/1 f/2 f/3 f/4 f/5", "f", .entry("", .tooManyEntries(limit: 4))),
    ("touch \"$(printf 'f/\\377')\"", "f", .entry("\u{FFFD}", .pathNotUTF8)),
    ("touch f/plain", "f/plain", .notExecutable("f/plain")),
    ("mkfifo f/pipe", "f/pipe", .unsuitable("f/pipe")),
  ])
  func `is refused for what the store would refuse`(setup: String, path: String, expected: PackingError) throws {
    let folder = try ScratchFolder()
    try Tool.run("sh", "-c", "cd \(folder.path) && mkdir f && \(setup)")
    var limits = ArtefactLimits()
    limits.fileBytes = 10
    limits.totalBytes = 15
    limits.entries = 4
    let error = #expect(throws: PackingError.self) { try Self.pack("\(folder.path)/\(path)", limits: limits) }
    let text = error?.description.replacing("\(folder.path)/", with: "") ?? ""
    switch expected {
    // Which of five is one too many depends on the order in which the folder gives them.
    case .entry("", let reason): #expect(text.hasSuffix("\(reason)"))
    default: #expect(text == expected.description)
    }
  }

  @Test func `notices a file that changes while it is packed`() throws {
    let folder = try ScratchFolder()
    try folder.write("f/a", [1, 2, 3])
    var archive = try ArtefactArchive(of: "\(folder.path)/f")
    try folder.write("f/a", [1, 2])
    var piece = [UInt8](repeating: 0, count: 4096)
    #expect(throws: PackingError.changed("\(folder.path)/f/a")) {
      try piece.withUnsafeMutableBytes { try archive.read(into: $0) }
    }
  }
}
