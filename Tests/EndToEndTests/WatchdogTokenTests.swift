import ApusIO
import Glibc
import Testing

/// The real watchdog, which asks its callers for tokens of an issuer that shares no code with ours.
@Suite(.serialized) struct `A watchdog that asks for tokens` {
  private final class Running {
    let url: String
    let folder: String
    private let process: Program

    init(_ environment: [String: String], jwks: String) throws {
      folder = try Shell.temporaryFolder()
      _ = try Shell.run("printf %s '\(jwks)' > '\(folder)/keys.json'")
      let port = Int.random(in: 10_000..<32_000)
      let usual = [
        "port": "\(port)", "metrics_port": "0", "bind_address": "127.0.0.1", "healthcheck_interval": "0",
        "TMPDIR": folder, "fprocess": "env", "jwt_auth": "true", "OPENFAAS_NAME": "secret",
        "jwt_jwks": "\(folder)/keys.json",
        "jwt_issuer": "apus:openfaas-fn/authenticate", "max_inflight": "4", "ready_path": "/ready",
        "jwt_auth_debug": "1",
      ]
      process = try Program("apus-watchdog", [], environment: usual.merging(environment) { $1 })
      url = "http://127.0.0.1:\(port)"
      try #require(!process.line(with: "\"ready\"").isEmpty, "\(process.passed)")
    }

    deinit { _ = try? Shell.run("rm -rf '\(folder)'") }

    func ask(_ token: String?, _ path: String = "/") throws -> (status: Int, head: String, body: String) {
      let field = token.map { "-H 'Authorization: Bearer \($0)'" } ?? ""
      let answer = try Shell.run("curl -sS -m 20 -D '\(folder)/head' -w '\\n%{http_code}' \(field) '\(url)\(path)'")
        .output
      let lines = answer.split(separator: "\n", omittingEmptySubsequences: false)
      let head = try Shell.run("cat '\(folder)/head'").output
      return (Int(lines.last ?? "") ?? 0, head, lines.dropLast().joined(separator: "\n"))
    }

    func line(with mark: String) -> String { process.line(with: mark) }
  }

  @Test func `lets in who has one, and says who it is`() throws {
    let issuer = try StubIssuer()
    let watchdog = try Running([:], jwks: issuer.jwks)
    let answer = try watchdog.ask(try issuer.token())
    #expect(answer.status == 200)
    #expect(answer.body.contains("Http_X_Apus_Subject=01J9"), "\(answer.body)")
    #expect(answer.body.contains("Http_X_Auth_Seconds=0."), "\(answer.body)")
  }

  @Test func `sends away who has none, or one that does not hold`() throws {
    let issuer = try StubIssuer()
    let watchdog = try Running([:], jwks: issuer.jwks)
    let expired = try issuer.token(["exp": "1000"])
    let elsewhere = try issuer.token(["iss": "\"apus:openfaas-fn/other\""])
    let audience = try issuer.token(["aud": "\"other\""])
    let stranger = try StubIssuer().token()
    for token in [nil, "x.y.z", expired, elsewhere, audience, stranger] {
      let answer = try watchdog.ask(token)
      #expect(answer.status == 401, "\(token ?? "none"): \(answer)")
      #expect(answer.head.contains("WWW-Authenticate: Bearer realm=IAM function invoke"), "\(answer.head)")
      #expect(answer.head.contains("X-OpenFaaS-Internal: faas-middleware"))
    }
    #expect(watchdog.line(with: "a token was refused").contains("401"))
  }

  @Test func `lets in to the functions that a token names`() throws {
    let issuer = try StubIssuer()
    let watchdog = try Running([:], jwks: issuer.jwks)
    for (pattern, status) in [
      ("openfaas-fn:secret", 200), ("openfaas-fn:*", 200), ("*", 200), ("*:sec*", 200), ("openfaas-fn:other", 403),
      ("other:*", 403), ("openfaas-fn:secre", 403), ("openfaas-fn:*x", 403),
    ] {
      let token = try issuer.token(["function": #"{"permissions":["a:b","\#(pattern)"]}"#])
      #expect(try watchdog.ask(token).status == status, "\(pattern)")
    }
    #expect(try watchdog.ask(try issuer.token(["function": "1"])).status == 401)
  }

  @Test func `lets the platform ask without one`() throws {
    let issuer = try StubIssuer()
    let watchdog = try Running([:], jwks: issuer.jwks)
    #expect(try watchdog.ask(nil, "/_/health").status == 200)
    #expect(try watchdog.ask(nil, "/_/ready").body.contains("Http_Path=/ready"))
  }

  @Test func `asks the issuer's own page for the keys`() throws {
    let issuer = try StubIssuer()
    let gateway = try RunningGateway()
    try gateway.deploy("issuer", as: "authenticate", issuer.members)
    let page = "\(gateway.url)/function/authenticate/.well-known/jwks.json"
    let watchdog = try Running(["jwt_jwks": page], jwks: "")
    #expect(try watchdog.ask(try issuer.token()).status == 200)
    #expect(try watchdog.ask(try StubIssuer(keyID: "k2").token()).status == 401)
  }

  @Test func `can't tell while there are no keys`() throws {
    let issuer = try StubIssuer()
    let watchdog = try Running([:], jwks: "no keys")
    #expect(try watchdog.ask(try issuer.token()).status == 503)
    #expect(watchdog.line(with: "the keys of the issuer can't be read").contains("not JSON"))
  }
}
