import ApusJSON
import Glibc
import Testing

@Suite(.serialized) struct `apus invoke` {
  private static let isPrivate = #","annotations":{"com.apus.access":"token"}"#

  /// With a function that tells what reached it.
  private func gateway() throws -> RunningGateway {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "echo", #","envVars":{"FIXTURE":"echo"}"#)
    return gateway
  }

  @Test(arguments: [
    ("'GE T'", "is no method"), ("''", "is no method"), ("'GET\r\nX: y'", "is no method"), ("post", "mean POST?"),
    ("CONNECT", "a tunnel"),
  ]) func `refuses a method that no function can be called with, before it calls`(method: String, words: String) throws
  {
    let answer = try Shell.run(
      "env OPENFAAS_URL=http://127.0.0.1:1 '\(try Program.path("apus"))' invoke echo -X \(method) 2>&1")
    #expect(answer.status == 2)
    #expect(answer.output.contains(words), "\(answer.output)")
  }

  @Test func `sends any method that is a token`() throws {
    let gateway = try gateway()
    #expect(try gateway.apus("invoke echo -X PROPFIND").output.hasPrefix("PROPFIND /\n"))
    #expect(try gateway.apus("invoke echo -X M-SEARCH").output.hasPrefix("M-SEARCH /\n"))
  }

  @Test(arguments: [
    "Content-Length: 5", "transfer-encoding: chunked", "Connection: close", "Keep-Alive: 1", "Proxy-Connection: close",
    "TE: trailers", "Trailer: x", "Upgrade: h2c",
  ]) func `refuses fields that say how the call is sent`(field: String) throws {
    let answer = try Shell.run(
      "env OPENFAAS_URL=http://127.0.0.1:1 '\(try Program.path("apus"))' invoke echo -H '\(field)' 2>&1")
    #expect(answer.status == 2)
    #expect(answer.output.contains(field.prefix { $0 != ":" }), "\(answer.output)")
    #expect(answer.output.contains("leave it out"), "\(answer.output)")
  }

  @Test(arguments: ["'X: a\u{1}b'", "'X: a\r\nY: b'", "'X Y: a'", "': a'"])
  func `refuses what is no field, and says why`(field: String) throws {
    let answer = try Shell.run(
      "env OPENFAAS_URL=http://127.0.0.1:1 '\(try Program.path("apus"))' invoke echo -H \(field) 2>&1")
    #expect(answer.status == 2)
    #expect(answer.output.contains("refused: "), "\(answer.output)")
  }

  @Test func `puts a Host and a Content-Type in the place of its own`() throws {
    let gateway = try gateway()
    let answer = try gateway.apus("invoke echo -d x -H 'host: other.example' -H 'content-type: a/b'")
    #expect(answer.status == 0, "\(answer.output)")
    let lines = answer.output.split(separator: "\n").map { $0.lowercased() }
    #expect(lines.contains("x-forwarded-host: other.example"), "\(answer.output)")
    #expect(lines.count { $0.hasPrefix("content-type: ") } == 1, "\(answer.output)")
    #expect(try gateway.apus("invoke echo -H 'Content-Type: a/b' --content-type c/d").status == 2)
  }

  @Test func `calls a private function by a token of its own, and never by the password`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("issuer", as: "hello", Self.isPrivate)
    let answer = try gateway.apus("invoke hello")
    #expect(answer.status == 0, "\(answer.output)")
    let told = RunningGateway.Answer(status: 200, body: answer.output)
    #expect(RunningGateway.told("X-Apus-Subject", told)?.hasPrefix("apus:token/") == true, "\(answer.output)")
    #expect(RunningGateway.told("X-Apus-Scopes", told) == "invoke")
    #expect(RunningGateway.told("Authorization", told) == "")
    #expect(try gateway.admin("/system/tokens").body == "[]", "it is good for that one call")
    #expect(
      try gateway.apus("invoke hello", environment: "APUS_DATA=/nowhere OPENFAAS_URL=\(gateway.url)").status == 1,
      "strangers have none")
  }

  @Test func `sends nobody's credentials to a public function`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("issuer", as: "hello")
    let token = try gateway.token(#""scopes":["invoke"]"#).text
    for environment in ["", "APUS_TOKEN=\(token)"] {
      let answer = try gateway.apus("invoke hello", environment: environment)
      #expect(RunningGateway.told("Authorization", .init(status: 200, body: answer.output)) == "", "\(answer.output)")
    }
    let own = try gateway.apus("invoke hello -H 'Authorization: Bearer own'", environment: "APUS_TOKEN=\(token)")
    #expect(RunningGateway.told("Authorization", .init(status: 200, body: own.output)) == "Bearer own")
  }

  @Test func `sends the token of APUS_TOKEN, and says what is wrong with one that is none`()
    throws
  {
    let gateway = try RunningGateway()
    try gateway.deploy("issuer", as: "hello", Self.isPrivate)
    let made = try gateway.token(#""scopes":["invoke"]"#)
    let answer = try gateway.apus("invoke hello", environment: "APUS_TOKEN=\(made.text)")
    #expect(answer.output.contains("X-Apus-Subject: apus:token/\(made.id)"), "\(answer.output)")
    let other = try gateway.token(#""scopes":["read"]"#).text
    #expect(try gateway.apus("invoke hello", environment: "APUS_TOKEN=\(other)").status == 1)
    let odd = try gateway.apus("list", environment: "APUS_TOKEN='a b\n'")
    #expect(odd.status == 1)
    #expect(odd.output.contains("APUS_TOKEN"), "\(odd.output)")
  }

  @Test func `says how to call a function that is for accounts`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("issuer", as: "issuer")
    let members = #","annotations":{"com.apus.access":"jwt","com.apus.jwt.function":"issuer"}"#
    try gateway.deploy("issuer", as: "hello", members)
    let answer = try gateway.apus("invoke hello")
    #expect(answer.status == 1)
    #expect(answer.output.contains("Authorization: Bearer"), "\(answer.output)")
  }

  @Test func `keeps cookies apart in JSON, and joins other fields that come twice`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "odd", #","envVars":{"FIXTURE":"odd"}"#)
    let answer = try gateway.apus("invoke odd --path /cookies -o json", errors: "")
    let headers = try JSON.parse(Array(answer.output.utf8))["headers"]
    #expect(headers?["Set-Cookie"]?.arrayValue?.compactMap(\.stringValue) == ["a=1, b", "c=2"], "\(answer.output)")
    #expect(headers?["X-Twice"]?.stringValue == "a, b", "\(answer.output)")
  }
}
