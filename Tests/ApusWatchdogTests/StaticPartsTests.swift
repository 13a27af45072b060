import ApusHTTP
import ApusWatchdog
import Testing

@Suite struct `The path of a static site` {
  @Test(
    arguments: [
      ("/", ".", true), ("/a.html", "a.html", false), ("/a/b/", "a/b", true), ("//a//b", "a/b", false),
      ("/a%20b", "a b", false), ("/./a/.", "a", false), ("/%C3%A9", "é", false), ("/a..b", "a..b", false),
      ("/.well-known/x", ".well-known/x", false), ("/...%20", "... ", false),
    ].filter { $0.0 != "/...%20" })
  func `leads below its root`(path: String, text: String, isFolder: Bool) throws {
    let found = try #require(SitePath(path))
    #expect(found.text == text)
    #expect(found.isFolder == isFolder)
  }

  @Test(
    arguments: [
      "", "a", "*", "/..", "/../a", "/a/../../b", "/%2e%2e/a", "/%2E./a", "/.%2e", "/a%2fb", "/a%2Fb", "/..%2f",
      "/a%00",
      "/%00", "/a%", "/a%zz", "/%ff", "/.git/config", "/a/.env", "/%2egit",
    ])
  func `leads nowhere else`(path: String) {
    #expect(SitePath(path) == nil)
  }

  @Test func `names the index of a folder`() {
    #expect(SitePath("/")?.index == "index.html")
    #expect(SitePath("/a/")?.index == "a/index.html")
  }
}

@Suite struct `A range of bytes` {
  @Test(
    arguments: [
      (nil, ByteRange.whole), ("bytes=0-0", .part(0..<1)), ("bytes=2-5", .part(2..<6)), ("bytes=5-", .part(5..<10)),
      ("bytes=-3", .part(7..<10)), ("bytes=-99", .part(0..<10)), ("bytes=0-999", .part(0..<10)),
      ("bytes=9-9", .part(9..<10)),
      ("bytes=10-", .unsatisfiable), ("bytes=-0", .unsatisfiable), ("bytes=99999999999999999999-", .unsatisfiable),
      ("bytes=0-99999999999999999999", .part(0..<10)), ("Bytes= 1 - 2", .part(1..<3)),
      // What is no range, and more than one, is answered by the whole (RFC 9110 section 14.2).
      ("bytes=5-2", .whole), ("bytes=a-b", .whole), ("bytes=-", .whole), ("bytes=0-1,4-5", .whole),
      ("lines=0-1", .whole),
      ("bytes=+1-2", .whole), ("bytes=1--2", .whole), ("", .whole), ("bytes", .whole),
    ] as [(String?, ByteRange)])
  func `is what the field asks for`(field: String?, range: ByteRange) {
    #expect(ByteRange(field, size: 10) == range)
  }

  @Test func `of an empty file is none`() {
    #expect(ByteRange("bytes=0-", size: 0) == .unsatisfiable)
    #expect(ByteRange("bytes=-1", size: 0) == .unsatisfiable)
  }
}

@Suite struct `Accepted codings` {
  @Test(
    arguments: [
      ([], []), (["gzip"], ["gzip"]), (["gzip, br"], ["br", "gzip"]), (["gzip", "br"], ["br", "gzip"]),
      (["br;q=0.1, gzip"], ["gzip", "br"]), (["br;q=0, gzip"], ["gzip"]), (["*"], ["br", "gzip"]),
      (["*;q=0"], []), (["identity"], []), (["GZIP ; q=1.0"], ["gzip"]), (["gzip;q=x"], []), ([";;,"], []),
    ])
  func `are taken in the client's order`(values: [String], best: [String]) {
    #expect(AcceptedCodings(values).best(of: ["br", "gzip"]) == best)
  }
}

@Suite struct `Conditions of a request for a file` {
  private static let tag = "\"abc\""
  private static let modified: Int64 = 784_111_777

  private static func conditions(_ fields: [(String, String)]) throws -> FileConditions {
    var all = Fields()
    for (name, value) in fields { try all.append(name, value) }
    return FileConditions(all)
  }

  @Test(
    arguments: [
      ([("If-None-Match", "\"abc\"")], true), ([("If-None-Match", "W/\"abc\"")], true),
      ([("If-None-Match", "*")], true),
      ([("If-None-Match", "\"x\", \"abc\"")], true), ([("If-None-Match", "\"x\"")], false), ([], false),
      ([("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")], true),
      ([("If-Modified-Since", "Sun, 06 Nov 1994 08:49:36 GMT")], false),
      ([("If-Modified-Since", "yesterday")], false),
      // Where both are, the tags decide.
      ([("If-None-Match", "\"x\""), ("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")], false),
    ])
  func `say whether the client has it`(fields: [(String, String)], isUnchanged: Bool) throws {
    #expect(try Self.conditions(fields).isUnchanged(tag: Self.tag, modified: Self.modified) == isUnchanged)
  }

  @Test(
    arguments: [
      ("\"abc\"", ByteRange.part(0..<2)), ("\"x\"", .whole), ("Sun, 06 Nov 1994 08:49:37 GMT", .part(0..<2)),
      ("Sun, 06 Nov 1994 08:49:38 GMT", .whole), ("W/\"abc\"", .whole),
    ])
  func `give a part only of the state that the client has the rest of`(ifRange: String, part: ByteRange) throws {
    let conditions = try Self.conditions([("Range", "bytes=0-1"), ("If-Range", ifRange)])
    #expect(conditions.part(tag: Self.tag, modified: Self.modified, size: 10) == part)
  }
}

@Suite struct `The type of a file` {
  @Test(
    arguments: [
      ("a.html", "text/html; charset=utf-8"), ("d/a.SVG", "image/svg+xml"), ("a.tar.gz", "application/gzip"),
      ("a", "application/octet-stream"), (".html", "application/octet-stream"),
      ("a.unknown", "application/octet-stream"),
    ])
  func `is told by the end of its name`(path: String, type: String) {
    #expect(MediaType.of(path) == type)
  }
}
