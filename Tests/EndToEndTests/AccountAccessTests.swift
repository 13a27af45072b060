import ApusIO
import ApusJSON
import Glibc
import Testing

@Suite(.serialized) struct `A function for accounts` {
  private static let isPrivate =
    #","annotations":{"com.apus.access":"jwt","com.apus.jwt.function":"authenticate"}"#

  /// A gateway with the function hello for accounts of authenticate, which sleeps.
  private static func gateway(_ issuer: StubIssuer) throws -> RunningGateway {
    let gateway = try RunningGateway()
    try gateway.deploy("issuer", as: "hello", isPrivate)
    try gateway.deploy("issuer", as: "authenticate", issuer.members)
    return gateway
  }

  /// How often the issuer was asked for its keys.
  private static func questions(_ gateway: RunningGateway) throws -> Double? {
    try gateway.metric(#"gateway_function_invocation_started{function_name="authenticate.openfaas-fn"}"#)
  }

  @Test func `wakes the issuer for its keys, once for many, and is told who calls`() throws {
    let issuer = try StubIssuer()
    let gateway = try Self.gateway(issuer)
    let token = try issuer.token(["scope": #""invoke read other""#])
    let call = "curl -sS -m 20 -o /dev/null -w '%{http_code}\\n' -H 'Authorization: Bearer \(token)'"
    let calls = try Shell.run("seq 20 | xargs -P 20 -I{} \(call) '\(gateway.url)/function/hello'").output
    #expect(calls.split(separator: "\n") == Array(repeating: "200", count: 20))
    #expect(try Self.questions(gateway) == 1)
    #expect(try gateway.metric(#"apus_replica_starts_total{function_name="authenticate.openfaas-fn"}"#) == 1)
    let answer = try gateway.bearer(
      token, "/function/hello", "-H 'X-Apus-Subject: apus:admin/root' -H 'X-Apus-Scopes: deploy'")
    #expect(RunningGateway.told("X-Apus-Subject", answer) == "01J9")
    #expect(RunningGateway.told("X-Apus-Scopes", answer) == "invoke read")
    #expect(RunningGateway.told("Authorization", answer) == "")
    // Accounts manage nothing, whatever their issuer says of them.
    #expect(try gateway.bearer(token, "/system/functions").status == 401)
    #expect(try gateway.admin("/function/hello").status == 200)
  }

  @Test func `refuses every token that does not hold, and says why`() throws {
    let (issuer, stranger) = (try StubIssuer(), try StubIssuer())
    let gateway = try Self.gateway(issuer)
    let good = try issuer.token()
    #expect(try gateway.bearer(good, "/function/hello").status == 200)
    let anonymous = try gateway.curl("/function/hello", "-i")
    #expect(anonymous.status == 401)
    #expect(anonymous.body.contains(#"WWW-Authenticate: Bearer realm="Apus""#))
    let parts = good.split(separator: ".").map(String.init)
    let refused: [(String, String)] = [
      (try issuer.token(["exp": "1000", "iat": "900"]), "expired"),
      (try issuer.token(["aud": #""others""#]), "audience"),
      (try issuer.token(["iss": #""apus:openfaas-fn/guests""#]), "issuer"),
      (try issuer.token(["sub": #""apus:admin/root""#]), "sub"),
      (try stranger.token(), "signature"),
      (try issuer.token(header: #"{"alg":"EdDSA","kid":"k2"}"#), "no key k2"),
      (try issuer.token(header: #"{"alg":"none","kid":"k1"}"#), "EdDSA"),
      (parts[0] + "." + parts[1] + ".", "signature"), ("abc", "three parts"),
    ]
    for (token, reason) in refused {
      let answer = try gateway.bearer(token, "/function/hello", "-i -H 'Accept: application/json'")
      #expect(answer.status == 401, "\(reason)")
      #expect(answer.body.contains(reason), "\(answer.body)")
      #expect(answer.body.contains(#"error="invalid_token""#))
    }
    #expect(try Self.questions(gateway) == 1, "an unknown key is asked for every ten seconds at most")
    let token = try gateway.token(#""scopes":["invoke"]"#).text
    #expect(try gateway.bearer(token, "/function/hello").status == 403)
    #expect(try gateway.bearer(good, "/function/hello").status == 200)
  }

  @Test func `takes a new key of its issuer up`() throws {
    let (old, new) = (try StubIssuer(keyID: "old"), try StubIssuer(keyID: "new"))
    let gateway = try Self.gateway(old)
    #expect(try gateway.bearer(try old.token(), "/function/hello").status == 200)
    try gateway.deploy("issuer", as: "authenticate", new.members)
    // Asked again after ten seconds; until then nobody can know.
    let token = try new.token()
    let call = "curl -sS -m 20 -o /dev/null -w '%{http_code}' -H 'Authorization: Bearer \(token)'"
    let look = "c=$(\(call) '\(gateway.url)/function/hello'); echo $c; [ $c = 200 ] && exit"
    let answers = try Shell.run("for i in $(seq 80); do \(look); sleep 0.2; done")
    let statuses = answers.output.split(separator: "\n")
    #expect(statuses.last == "200")
    #expect(statuses.dropLast().allSatisfy { $0 == "401" })
    #expect(try Self.questions(gateway) == 2)
    #expect(try gateway.bearer(try old.token(), "/function/hello").status == 401, "it was withdrawn")
  }

  @Test func `answers 503 while its issuer has no keys to show`() throws {
    let issuer = try StubIssuer()
    let gateway = try RunningGateway()
    try gateway.deploy("issuer", as: "hello", Self.isPrivate)
    let answer = try gateway.bearer(try issuer.token(), "/function/hello", "-i")
    #expect(answer.status == 503)
    #expect(answer.body.contains("Retry-After: "))
    #expect(gateway.line(with: "the keys of an issuer can't be read").contains("there is no such function"))
  }

  @Test func `is deployed with a warning while its issuer is not there`() throws {
    let gateway = try RunningGateway()
    try gateway.upload("issuer", as: "issuer")
    let annotations = #"{"com.apus.access":"jwt","com.apus.jwt.function":"authenticate"}"#
    let body = #"-d '{"service":"hello","image":"issuer","annotations":\#(annotations)}'"#
    let early = try gateway.admin("/system/functions", body)
    #expect(early.status == 202)
    #expect(early.body.hasPrefix("warning: there is no function authenticate"), "\(early.body)")
    try gateway.deploy("issuer", as: "authenticate")
    #expect(try gateway.admin("/system/functions", body) == .init(status: 202, body: ""))
  }

  @Test func `asks for the audience that the operator chose`() throws {
    let issuer = try StubIssuer()
    let gateway = try RunningGateway(arguments: ["--jwt-audience", "shop"])
    try gateway.deploy("issuer", as: "hello", Self.isPrivate)
    try gateway.deploy("issuer", as: "authenticate", issuer.members)
    #expect(try gateway.bearer(try issuer.token(), "/function/hello").status == 401)
    #expect(try gateway.bearer(try issuer.token(["aud": #"["a","shop"]"#]), "/function/hello").status == 200)
  }
}
