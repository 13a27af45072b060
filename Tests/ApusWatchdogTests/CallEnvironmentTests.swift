import ApusHTTP
import ApusWatchdog
import Testing

@Suite struct `The variables of a call's program` {
  private static func variables(
    _ target: String, _ fields: [(String, String)] = [], framing: Framing = .none, own: [String: String] = [:]
  ) throws -> [String: String] {
    var all = Fields()
    for (name, value) in fields { try all.append(name, value) }
    var head = RequestHead(method: .post, target: target, fields: all)
    head.framing = framing
    return CallEnvironment.variables(head, over: own)
  }

  @Test func `have the contract's names`() throws {
    let fields = [
      ("x-my-HEADER", "1"), ("Content-Type", "text/plain"), ("Content-Length", "5"), ("X-My-Header", "2"),
      ("Host", "a.example"), ("etag-2x", "t"),
    ]
    let variables = try Self.variables("/a%20b/c?q=%201", fields, own: ["PATH": "/bin", "Http_Query": "old"])
    #expect(
      variables == [
        "PATH": "/bin", "Http_X_My_Header": "1", "Http_Content_Type": "text/plain", "Http_Content_Length": "5",
        "Http_Etag_2x": "t", "Http_Method": "POST", "Http_Path": "/a b/c", "Http_Query": "q=%201",
      ])
  }

  @Test func `tell of chunks`() throws {
    #expect(try Self.variables("/", framing: .chunked)["Http_Transfer_Encoding"] == "chunked")
  }

  @Test func `have no query where there is none`() throws {
    #expect(try Self.variables("/x")["Http_Query"] == nil)
    #expect(try Self.variables("/x?")["Http_Query"] == nil)
    #expect(try Self.variables("/x", own: ["Http_Query": "old"])["Http_Query"] == nil)
  }

  @Test func `let nobody forge method, path and query by fields`() throws {
    let fields = [("Method", "GET"), ("Path", "/admin"), ("Query", "q")]
    let variables = try Self.variables("/x", fields)
    #expect(variables["Http_Method"] == "POST")
    #expect(variables["Http_Path"] == "/x")
    #expect(variables["Http_Query"] == nil)
  }

  @Test(arguments: ["/a%00b", "/a%zz", "/%ff"]) func `leave a path as it is that is no text`(path: String) throws {
    #expect(try Self.variables(path)["Http_Path"] == path)
  }
}
