import ApusIO
import ApusLauncher
import Glibc
import Testing

@Suite struct `A static site` {
  private static func start(_ files: [String: String] = [:]) throws -> RunningWatchdog {
    let usual = [
      "site/index.html": "<p>hi", "site/a.txt": "0123456789", "site/sub/index.html": "sub", "site/empty.css": "",
      "secret.txt": "secret", "site/.env": "hidden", "siteother": "other",
    ]
    let watchdog = try RunningWatchdog(["mode": "static", "static_path": "site"], files: usual.merging(files) { $1 })
    try #require(!watchdog.line(with: "\"ready\"").isEmpty, "\(watchdog.passed)")
    return watchdog
  }

  @Test func `has its files, with their types`() throws {
    let site = try Self.start()
    let index = try site.ask("GET", "/")
    #expect(index.status == 200 && index.body == "<p>hi")
    #expect(index.header("Content-Type") == "text/html; charset=utf-8")
    #expect(index.header("Content-Length") == "5")
    #expect(index.header("Accept-Ranges") == "bytes")
    #expect(try site.ask("GET", "/a.txt?x").body == "0123456789")
    #expect(try site.ask("GET", "/sub/").body == "sub")
    #expect(try site.ask("GET", "/empty.css").header("Content-Length") == "0")
    let head = try site.ask("HEAD", "/a.txt")
    #expect(head.header("Content-Length") == "10" && head.bytes.isEmpty)
    #expect(try site.ask("GET", "/none").status == 404)
    #expect(try site.ask("GET", "/a.txt/").status == 404)
    let post = try site.ask("POST", "/a.txt", body: "x")
    #expect(post.status == 405 && post.header("Allow") == "GET, HEAD")
    let moved = try site.ask("GET", "/sub?q=1")
    #expect(moved.status == 301 && moved.header("Location") == "./sub/?q=1")
  }

  @Test func `has no folder without an index, and lists none`() throws {
    let site = try Self.start(["site/bare/x.txt": "x"])
    #expect(try site.ask("GET", "/bare/").status == 404)
    #expect(try site.ask("GET", "/bare").status == 404)
    #expect(try site.ask("GET", "/bare/x.txt").body == "x")
  }

  @Test(
    arguments: [
      "/../secret.txt", "/sub/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
      "/sub%2f..%2f..%2fsecret.txt",
      "/a.txt%00.html", "/%00", "/.env", "/..", "/../siteother", "//../secret.txt", "/sub/..%5c..%5csecret.txt",
    ])
  func `has nothing outside of its root`(path: String) throws {
    let answer = try Self.start().ask("GET", path)
    #expect(answer.status == 404, "\(answer)")
    #expect(!answer.body.contains("secret") && !answer.body.contains("other"))
  }

  @Test func `follows links that stay inside, and no others`() throws {
    let site = try Self.start()
    let root = "\(site.folder)/site"
    symlink("a.txt", "\(root)/inside.txt")
    symlink("../secret.txt", "\(root)/out.txt")
    symlink("\(site.folder)/secret.txt", "\(root)/absolute.txt")
    symlink("..", "\(root)/up")
    symlink("/proc/self/root", "\(root)/magic")
    symlink("loop", "\(root)/loop")
    mkfifo("\(root)/pipe", 0o600)
    #expect(try site.ask("GET", "/inside.txt").body == "0123456789")
    for path in ["/out.txt", "/absolute.txt", "/up/secret.txt", "/magic/etc/passwd", "/loop", "/pipe"] {
      #expect(try site.ask("GET", path).status == 404, "\(path)")
    }
  }

  @Test func `gives parts`() throws {
    let site = try Self.start()
    for (range, status, body, field) in [
      ("bytes=2-4", 206, "234", "bytes 2-4/10"), ("bytes=-2", 206, "89", "bytes 8-9/10"),
      ("bytes=8-", 206, "89", "bytes 8-9/10"), ("bytes=0-1,3-4", 200, "0123456789", nil),
    ] {
      let answer = try site.ask("GET", "/a.txt", fields: "Range: \(range)\r\n")
      #expect(answer.status == status && answer.body == body && answer.header("Content-Range") == field, "\(answer)")
    }
    let beyond = try site.ask("GET", "/a.txt", fields: "Range: bytes=10-\r\n")
    #expect(beyond.status == 416 && beyond.header("Content-Range") == "bytes */10")
  }

  @Test func `sends nothing that the client has`() throws {
    let site = try Self.start()
    let first = try site.ask("GET", "/a.txt")
    let tag = try #require(first.header("ETag"))
    let date = try #require(first.header("Last-Modified"))
    for fields in ["If-None-Match: \(tag)\r\n", "If-Modified-Since: \(date)\r\n"] {
      let again = try site.ask("GET", "/a.txt", fields: fields)
      #expect(again.status == 304 && again.bytes.isEmpty && again.header("ETag") == tag)
    }
    try Folder.write("changed", to: "\(site.folder)/site/a.txt")
    #expect(try site.ask("GET", "/a.txt", fields: "If-None-Match: \(tag)\r\n").body == "changed")
  }

  @Test func `sends the shorter form that lies beside a file to who takes it`() throws {
    let site = try Self.start(["site/a.txt.gz": "GZIP", "site/a.txt.br": "BROTLI"])
    for (accepted, body, coding) in [
      ("gzip", "GZIP", "gzip"), ("gzip, br", "BROTLI", "br"), ("br;q=0.1, gzip", "GZIP", "gzip"),
      ("identity", "0123456789", nil),
    ] {
      let answer = try site.ask("GET", "/a.txt", fields: "Accept-Encoding: \(accepted)\r\n")
      #expect(answer.body == body && answer.header("Content-Encoding") == coding, "\(accepted)")
      #expect(answer.header("Vary") == "Accept-Encoding")
      #expect(answer.header("Content-Type") == "text/plain; charset=utf-8")
    }
    let plain = try site.ask("GET", "/a.txt")
    #expect(plain.body == "0123456789" && plain.header("Vary") == "Accept-Encoding")
    #expect(try site.ask("GET", "/", fields: "Accept-Encoding: gzip\r\n").header("Vary") == nil)
  }

  @Test func `sends a long file whole`() throws {
    let site = try Self.start(["site/long.bin": String(repeating: "0123456789", count: 300_000)])
    let answer = try site.ask("GET", "/long.bin")
    #expect(answer.isWhole && answer.bytes.count == 3_000_000)
  }

  @Test func `does not start without its folder`() throws {
    let watchdog = try RunningWatchdog(["mode": "static", "static_path": "/no/such/folder"])
    #expect(watchdog.line(with: "the watchdog ends").contains("static_path must name the folder"))
    #expect(try watchdog.end().cause == .status(1))
  }
}
