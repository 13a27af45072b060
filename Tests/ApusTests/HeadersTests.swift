import Apus
import ApusTesting
import Testing

@Suite struct `Header fields` {
  @Test(arguments: ["a\r\nSet-Cookie: x=1", "a\nb", "a\rb", "a\0b", "a\u{7F}"])
  func `can't be forged by a value`(value: String) throws {
    var headers: Headers = ["Location": value, "A": "b"]
    #expect(headers["Location"] == nil)
    #expect(headers["A"] == "b")
    headers["B"] = value
    #expect(headers.all.map(\.name) == ["A"])
    let error = #expect(throws: HeaderError.self) { try headers.set("C", value) }
    #expect(error?.description.contains("line break") == true)
    #expect(throws: HeaderError.self) { try headers.append("C", value) }
  }

  @Test(arguments: ["", "a b", "a:b", "a\r\nb", "é", "a\0"]) func `can't be forged by a name`(name: String) throws {
    var headers = Headers()
    headers[name] = "x"
    #expect(headers.all.isEmpty)
    let error = #expect(throws: HeaderError.self) { try headers.set(name, "x") }
    #expect(error?.description.contains("name") == true)
  }

  @Test func `that can't be sent are left out of an answer that goes on`() async throws {
    let function = TestedFunction(
      Handler { (request: Request) in
        Response(302, headers: ["Location": request.queryValue("to") ?? "/", "X-Here": "yes"])
      })
    let answer = try await function.serve { try await $0.call(Request(query: "to=/a%0D%0AX-Forged:%20yes")) }
    #expect(answer.status == 302)
    #expect(answer.headers["X-Here"] == "yes")
    #expect(answer.headers["Location"] == nil)
    #expect(answer.headers["X-Forged"] == nil)
  }

  @Test func `are found whatever their case, all or the first`() throws {
    var headers: Headers = ["Set-Cookie": "a=1", "set-cookie": "b=2"]
    #expect(headers["SET-COOKIE"] == "a=1")
    #expect(headers.values("Set-cookie") == ["a=1", "b=2"])
    headers["Set-Cookie"] = "c=3"
    #expect(headers.values("Set-Cookie") == ["c=3"])
    headers["set-cookie"] = nil
    #expect(headers.all.isEmpty)
  }
}
