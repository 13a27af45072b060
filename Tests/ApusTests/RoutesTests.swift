import Apus
import ApusTesting
import Testing

@Suite struct `Routes of a function` {
  let function = TestedFunction(
    Routes()
      .on(.get, "/") { _, _ in .text("home") }
      .on(.get, "/accounts/:id") { request in .text("account \(request.parameters["id"] ?? "-")") }
      .on(.delete, "/accounts/:id") { request, _ in .text("deleted \(request.parameters["id"] ?? "-")") }
      .on(.get, "/accounts/:id/bills/:bill") { request in
        .text("\(request.parameters["id"] ?? "-") \(request.parameters["bill"] ?? "-")")
      }
      .on(.get, "/files/*") { request in .text("file \(request.parameters["*"] ?? "-")") }
      .on(.get, "/a b") { _ in .text("blank") }
      .on(.post, "/orders", Handler { (order: Order) in order.item })
      .on(.get, "/accounts/first") { _ in .text("never reached: listed later") }
      .handler)

  @Test(arguments: [
    ("/", "home"), ("/accounts/7", "account 7"), ("/accounts/a%2Fb", "account a/b"),
    ("/accounts/caf%C3%A9", "account café"), ("/accounts/x/bills/y", "x y"), ("/files/a/b%20c", "file a/b%20c"),
    ("/files/", "file "), ("/a%20b", "blank"), ("/accounts/first", "account first"), ("/accounts/+", "account +"),
  ]) func `find the handler of a path`(path: String, text: String) async throws {
    let answer = try await function.call(Request(.get, path))
    #expect(answer.status == .ok)
    #expect(answer.text == text)
  }

  @Test(arguments: [
    "/nothing", "/accounts", "/accounts/", "/accounts/7/", "/accounts/%zz", "/accounts/%ff", "/accounts/7%2",
    "/files", "//", "", "*", "/Accounts/7",
  ]) func `know no other path`(path: String) async throws {
    #expect(try await function.call(Request(.get, path)).status == .notFound)
  }

  @Test(arguments: [
    (Method.post, "/accounts/7", "DELETE, GET, HEAD"), (.get, "/orders", "POST"), (.put, "/", "GET, HEAD"),
    (.head, "/orders", "POST"), ("get", "/", "GET, HEAD"),
  ]) func `name the methods that a path takes`(method: Method, path: String, allowed: String) async throws {
    let answer = try await function.call(Request(method, path))
    #expect(answer.status == .methodNotAllowed)
    #expect(answer.headers["Allow"] == allowed)
  }

  @Test func `answer HEAD with what answers GET`() async throws {
    #expect(try await function.call(Request(.head, "/accounts/7")).status == .ok)
    let served = try await function.serve { try await $0.call(Request(.head, "/accounts/7")) }
    #expect(served.status == .ok)
    #expect(served.body.isEmpty)
    #expect(served.headers["Content-Length"] == "9")
  }

  @Test func `take typed handlers`() async throws {
    let answer = try await function.call(Request(.post, "/orders", body: `A handler`.order))
    #expect(answer.text == #""nail""#)
  }

  @Test func `refuse a star in the midst when they are made`() async {
    await #expect(processExitsWith: .failure) {
      _ = Routes().on(.get, "/a/*/b") { _ in .text("") }
    }
  }
}
