import ApusIO
import ApusJSON
import ApusLauncher
import Glibc
import Instruments
import Testing

@Suite(.serialized) struct `Tokens of a gateway` {
  private static let isPrivate = #","annotations":{"com.apus.access":"token"}"#

  @Test func `let in those who hold one, and tell the function who it is`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("issuer", as: "hello", Self.isPrivate)
    let stranger = try gateway.curl("/function/hello", "-i")
    #expect(stranger.status == 401)
    #expect(stranger.body.contains(#"WWW-Authenticate: Bearer realm="Apus""#))
    let made = try gateway.token(#""scopes":["invoke"],"expires":"1h""#)
    let forged = "-H 'X-Apus-Subject: apus:admin/root' -H 'x-apus-scopes: deploy'"
    let answer = try gateway.bearer(made.text, "/function/hello", forged)
    #expect(answer.status == 200)
    #expect(RunningGateway.told("Authorization", answer) == "", "the function is not given the key")
    #expect(RunningGateway.told("X-Apus-Subject", answer) == "apus:token/\(made.id)")
    #expect(RunningGateway.told("X-Apus-Scopes", answer) == "invoke")
    let admin = try gateway.admin("/function/hello")
    #expect(RunningGateway.told("Authorization", admin) == "")
    #expect(RunningGateway.told("X-Apus-Subject", admin)?.hasPrefix("apus:admin/admin-") == true)
  }

  @Test func `are not needed for a public function, to which nobody can say who they are`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("issuer", as: "hello")
    let answer = try gateway.curl(
      "/function/hello", "-H 'X-Apus-Subject: a' -H 'X-APUS-SCOPES: deploy' -H 'Authorization: Bearer own'")
    #expect(answer.status == 200)
    #expect(RunningGateway.told("X-Apus-Subject", answer) == "")
    #expect(RunningGateway.told("X-Apus-Scopes", answer) == "")
    #expect(RunningGateway.told("Authorization", answer) == "Bearer own", "what is the function's reaches it")
    let key = try gateway.token(#""scopes":["deploy"]"#).text
    let trusting = try gateway.bearer(key, "/function/hello")
    #expect(trusting.status == 200)
    #expect(RunningGateway.told("Authorization", trusting) == "", "a key of the gateway's is not the function's")
  }

  @Test func `can't be claimed under names that a program takes for the gateway's`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "echo", #","envVars":{"FIXTURE":"echo"}"#)
    let names = [
      "X_Apus_Subject", "x_apus-scopes", "X-APUS_SUBJECT", "X-Apus-Role", "X_Apus_Role", "X_Forwarded_For",
      "X_Call_Id", "Content_Length",
    ]
    let fields = names.map { "-H '\($0): forged'" }.joined(separator: " ")
    let answer = try gateway.curl("/function/echo", "\(fields) -H 'X_Mine: kept' -H 'X-Apusish: kept'")
    #expect(answer.status == 200)
    #expect(!answer.body.contains("forged"), "\(answer.body)")
    #expect(answer.body.contains("X_Mine: kept") && answer.body.contains("X-Apusish: kept"), "\(answer.body)")
  }

  @Test func `are good for their scopes and for nothing else`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("issuer", as: "hello", Self.isPrivate)
    let invoke = try gateway.token(#""scopes":["invoke"]"#).text
    let read = try gateway.token(#""scopes":["read"]"#).text
    let deploy = try gateway.token(#""scopes":["deploy"]"#).text
    #expect(try gateway.bearer(read, "/system/functions").status == 200)
    #expect(try gateway.bearer(invoke, "/system/functions").status == 403)
    #expect(try gateway.bearer(read, "/function/hello").status == 403)
    let body = #"-X PUT -d '{"service":"hello","image":"hello"}'"#
    #expect(try gateway.bearer(read, "/system/functions", body).status == 403)
    #expect(try gateway.bearer(deploy, "/system/functions", body).status == 202)
    for token in [invoke, read, deploy] {
      for (method, path) in [("GET", "tokens"), ("POST", "tokens"), ("DELETE", "tokens/0"), ("POST", "auth/rotate")] {
        #expect(try gateway.bearer(token, "/system/\(path)", "-X \(method) -d '{}'").status == 403, "\(method) \(path)")
      }
    }
  }

  @Test func `of one function are good for that one`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("issuer", as: "hello", Self.isPrivate)
    try gateway.deploy("issuer", as: "other", Self.isPrivate)
    let all = #""scopes":["invoke","read","deploy"],"function":"hello""#
    let token = try gateway.token(all).text
    func status(_ path: String, _ arguments: String = "") throws -> Int {
      try gateway.bearer(token, path, arguments).status
    }
    #expect(try status("/function/hello") == 200)
    #expect(try status("/function/other") == 403)
    #expect(try status("/function/hello.elsewhere") == 404)
    #expect(try status("/system/functions") == 403, "a list is about all")
    #expect(try status("/system/info") == 403)
    #expect(try status("/system/secrets") == 403)
    for (name, expected) in [("hello", 200), ("other", 403)] {
      #expect(try status("/system/function/\(name)") == expected)
      #expect(try status("/system/explain/\(name)") == expected)
      #expect(try status("/system/logs?name=\(name)") == expected)
    }
    #expect(try status("/system/logs?name=hello&name=other") == 403, "of two the last counts")
    #expect(try status("/system/function/hello?namespace=elsewhere") == 403)
    for (name, expected) in [("hello", 202), ("other", 403)] {
      #expect(try status("/system/functions", #"-X PUT -d '{"service":"\#(name)","image":"hello"}'"#) == expected)
      #expect(try status("/system/scale-function/\(name)", #"-X POST -d '{"replicas":1}'"#) == expected)
      #expect(
        try status("/system/artefacts/\(name)", "-X PUT --data-binary @'\(gateway.folder)/hello.tar'")
          == (expected == 202 ? 200 : 403))
      #expect(try status("/system/functions", #"-X DELETE -d '{"functionName":"\#(name)"}'"#) == expected)
    }
  }

  @Test func `are shown once, listed without their secret, and refused once revoked`() throws {
    let gateway = try RunningGateway()
    let made = try gateway.token(#""scopes":["read","invoke"],"function":"hello","expires":"2d""#)
    let listed = try gateway.admin("/system/tokens")
    #expect(listed.status == 200)
    #expect(!listed.body.contains(made.text.suffix(64)))
    let first = try JSON.parse(Array(listed.body.utf8))[0]
    #expect(first?["id"]?.stringValue == made.id)
    #expect(first?["function"]?.stringValue == "hello")
    #expect(first?["scopes"]?.arrayValue?.compactMap(\.stringValue) == ["invoke", "read"])
    #expect(try Shell.run("grep -rlF '\(made.text.suffix(64))' '\(gateway.folder)'").output == "")
    #expect(try gateway.bearer(made.text, "/system/function/hello").status == 404)
    #expect(try gateway.admin("/system/tokens/\(made.id)", "-X DELETE").status == 204)
    #expect(try gateway.bearer(made.text, "/system/function/hello").status == 401)
    #expect(try gateway.admin("/system/tokens/\(made.id)", "-X DELETE").status == 404)
  }

  @Test(arguments: [
    ("GET", "tokens"), ("POST", "tokens"), ("DELETE", "tokens/0"), ("POST", "auth/rotate"),
  ]) func `are no business of strangers`(method: String, path: String) throws {
    let gateway = try RunningGateway()
    let password = try Shell.run("cat '\(gateway.folder)/auth/basic-auth-password'").output
    let answer = try gateway.curl("/system/\(path)", "-i -X \(method) -d '{}'")
    #expect(answer.status == 401)
    #expect(answer.body.contains(#"WWW-Authenticate: Basic realm="Restricted""#))
    #expect(try Shell.run("cat '\(gateway.folder)/auth/basic-auth-password'").output == password)
  }

  @Test func `end when their time is over`() throws {
    let gateway = try RunningGateway()
    let made = try gateway.token(#""scopes":["read"],"expires":"1h""#)
    #expect(try gateway.bearer(made.text, "/system/functions").status == 200)
    let past = "UPDATE tokens SET expires_at = 1"
    #expect(try Shell.run("sqlite3 '\(gateway.folder)/state/apus.db' '\(past)' 2>&1").output == "")
    // An expired one is no guess, however often it comes.
    for _ in 0..<8 { #expect(try gateway.bearer(made.text, "/system/functions").status == 401) }
    #expect(try gateway.admin("/system/functions").status == 200)
  }

  @Test(arguments: [
    #"{"scopes":[]}"#, #"{"scopes":["admin"]}"#, #"{"scopes":"read"}"#, #"{"scopes":["read"],"expires":"soon"}"#,
    #"{"scopes":["read"],"expires":"-1h"}"#, #"{"scopes":["read"],"expires":"99999d"}"#,
    #"{"scopes":["read"],"function":"No Name"}"#, "{}", "[]",
  ]) func `are not made by halves`(body: String) throws {
    let gateway = try RunningGateway()
    #expect(try gateway.admin("/system/tokens", "-X POST -d '\(body)'").status == 400)
    #expect(try gateway.admin("/system/tokens").body == "[]")
  }
}

@Suite(.serialized) struct `The administrator of a gateway` {
  @Test func `gets a new password without a restart, and the old one counts no more`() throws {
    let stack = try RunningStack()
    _ = stack.line(with: "stop: ")
    let file = "\(stack.folder)/data/auth/basic-auth-password"
    let old = try Shell.run("cat '\(file)'").output
    let rotated = try stack.apus("auth rotate")
    #expect(rotated.status == 0)
    #expect(rotated.output.contains(file))
    let new = try Shell.run("cat '\(file)'").output
    #expect(new != old)
    #expect(!rotated.output.contains(new.dropLast()), "it says where the password is, not what it is")
    #expect(try Shell.run("stat -c %a '\(file)'").output == "600\n")
    #expect(try stack.apus("list").status == 0, "the command reads the new one")
    _ = try Shell.run("printf %s '\(old)' >'\(file)'")
    #expect(try stack.apus("list").output.contains("does not know these credentials"))
    _ = try Shell.run("printf %s '\(new)' >'\(file)'")
    let json = try JSON.parse(Array(try stack.apus("auth show -o json").output.utf8))
    #expect(json["passwordFile"]?.stringValue == file)
    #expect(json["user"]?.stringValue?.hasPrefix("admin-") == true)
  }

  @Test func `may write the password's file and have it read by SIGHUP`() throws {
    let gateway = try RunningGateway()
    let old = gateway.credentials
    let kept = try Shell.run("cat '\(gateway.folder)/auth/basic-auth-password'").output
    _ = try Shell.run("printf other >'\(gateway.folder)/auth/basic-auth-password'")
    #expect(try gateway.curl("/system/functions", old).status == 401, "nobody told the gateway yet")
    kill(gateway.pid, SIGHUP)
    #expect(!gateway.line(with: "the administrator's password is new").isEmpty)
    #expect(try gateway.admin("/system/functions").status == 200)
    let name = "$(cat '\(gateway.folder)/auth/basic-auth-user')"
    #expect(try gateway.curl("/system/functions", "-u \"\(name):\(kept.dropLast())\"").status == 401)
    #expect(try gateway.end(SIGTERM)?.isSuccess == true, "a hang-up was not the end")
  }

  /// The statuses of requests with these credentials, one after the other on one connection.
  private static func statuses(_ gateway: RunningGateway, _ credentials: [String]) throws -> [Substring] {
    let each = credentials.map { "\($0) -sS -m 20 -o /dev/null -w '%{http_code} ' '\(gateway.url)/system/functions'" }
    return try Shell.run("curl \(each.joined(separator: " --next "))").output.split(separator: " ")
  }

  @Test func `is not kept out by others who guess behind the same address, nor is a token`() throws {
    let gateway = try RunningGateway()
    let token = "-H 'Authorization: Bearer \(try gateway.token(#""scopes":["read"]"#).text)'"
    let (guess, auth) = ("-u admin:guess", "\(gateway.folder)/auth")
    let admin = "-u \"$(cat '\(auth)/basic-auth-user'):$(cat '\(auth)/basic-auth-password')\""
    // Five are free; the wait after them lasts from before the first that is right until after the last.
    let statuses = try Self.statuses(gateway, Array(repeating: guess, count: 6) + [token, admin, guess])
    #expect(statuses == ["401", "401", "401", "401", "401", "429", "200", "200", "429"])
    #expect(gateway.line(with: "failed sign-in").contains(#""client":"127.0.0.1""#))
  }

  @Test func `whose password could be guessed waits like everybody`() throws {
    let gateway = try RunningGateway()
    _ = try Shell.run("printf short >'\(gateway.folder)/auth/basic-auth-password'")
    kill(gateway.pid, SIGHUP)
    #expect(!gateway.line(with: "the administrator's password is new").isEmpty)
    #expect(try gateway.admin("/system/functions").status == 200)
    let mine = "-u \"$(cat '\(gateway.folder)/auth/basic-auth-user'):short\""
    let statuses = try Self.statuses(gateway, Array(repeating: "-u admin:guess", count: 5) + [mine])
    #expect(statuses == ["401", "401", "401", "401", "401", "429"])
  }

  @Test func `whose password could be guessed is guarded where a function is open to all, too`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("issuer", as: "hello")
    _ = try Shell.run("printf short >'\(gateway.folder)/auth/basic-auth-password'")
    kill(gateway.pid, SIGHUP)
    #expect(!gateway.line(with: "the administrator's password is new").isEmpty)
    let name = "$(cat '\(gateway.folder)/auth/basic-auth-user')"
    // A function may have names and passwords of its own, so nobody is refused; but after five guesses at the
    // administrator's even the right one says nothing for a while.
    let guesses = ["short"] + Array(repeating: "guess", count: 5) + ["short"]
    let calls = guesses.map { "-u \"\(name):\($0)\" -sS -m 20 -w '\\n%{http_code}\\n' '\(gateway.url)/function/hello'" }
    let lines = try Shell.run("curl \(calls.joined(separator: " --next "))").output.split(separator: "\n")
    #expect(lines.filter { $0 == "200" }.count == 7)
    #expect(lines.filter { $0.hasPrefix("X-Apus-Subject: apus:admin/") }.count == 1)
  }

  @Test func `need not be known to who deploys with a token`() throws {
    let stack = try RunningStack()
    _ = stack.line(with: "stop: ")
    let made = try stack.apus("token create --scope deploy --scope read --function hello")
    let token = try #require(made.output.split(separator: "\n").first)
    let stranger = "env -i HOME=/tmp PATH=/usr/bin:/bin APUS_TOKEN=\(token) '\(try BuiltProgram.path("apus"))'"
    let endpoints = try Shell.run("cat '\(stack.folder)/data/run/endpoints.json'").output
    let gateway = try #require(try JSON.parse(Array(endpoints.utf8))["gateway"]?.stringValue)
    func run(_ arguments: String) throws -> (output: String, status: CInt) {
      try Shell.run("\(stranger) \(arguments) --gateway \(gateway) 2>&1")
    }
    #expect(try run("describe hello").status == 0)
    #expect(try run("scale hello 1").status == 0)
    #expect(try run("secret list").output.contains("may not do that"))
    #expect(try run("describe other").status == 1)
    // One that may deploy and not look is told that it has deployed.
    let narrow = try stack.apus("token create --scope deploy --function hello").output.split(separator: "\n")[0]
    let deploy =
      "'\(try BuiltProgram.path("apus"))' deploy --no-build -f '\(stack.folder)/stack.yml' --gateway \(gateway)"
    let deployed = try Shell.run("env -i HOME=/tmp PATH=/usr/bin:/bin APUS_TOKEN=\(narrow) \(deploy) 2>&1")
    #expect(deployed.status == 0 && deployed.output.contains("deployed"), "\(deployed.output)")
  }

  @Test func `makes, lists and revokes tokens by the command`() throws {
    let stack = try RunningStack()
    _ = stack.line(with: "stop: ")
    let made = try stack.apus("token create --scope invoke --scope read --function hello --expires 30d")
    #expect(made.status == 0)
    #expect(made.output.hasPrefix("apus_"))
    #expect(made.output.prefix { $0 != "\n" }.utf8.count == 5 + 16 + 1 + 64)
    let id = String(made.output.dropFirst(5).prefix(16))
    let list = try stack.apus("token list")
    #expect(list.output.contains(id))
    #expect(list.output.contains("invoke,read"))
    #expect(list.output.contains("hello.openfaas-fn"))
    let json = try JSON.parse(Array(try stack.apus("token list --output json").output.utf8))
    #expect(json[0]?["id"]?.stringValue == id)
    #expect(try stack.apus("token create --output json --scope read --expires never").output.contains("\"token\""))
    #expect(try stack.apus("token revoke \(id)") == ("revoked \(id)\n", 0))
    #expect(try stack.apus("token revoke \(id)").status == 1)
    #expect(try stack.apus("token revoke ../functions").status == 2)
    #expect(!made.output.contains("there is no function"))
    let early = try stack.apus("token create --scope invoke --function nope")
    #expect(early.status == 0, "it may be deployed later")
    #expect(early.output.contains("there is no function nope yet"), "\(early.output)")
    #expect(try stack.apus("token create").status == 2)
    #expect(try stack.apus("token create --scope all").status == 2)
    #expect(try stack.apus("token create --scope read --expires soon").status == 1)
  }
}
