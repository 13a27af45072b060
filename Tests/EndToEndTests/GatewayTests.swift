import ApusIO
import ApusJSON
import ApusLauncher
import Glibc
import Instruments
import Testing

@Suite(.serialized) struct `A gateway on one machine` {
  @Test(arguments: [
    ("GET", "/system/functions"), ("POST", "/system/functions"), ("PUT", "/system/functions"),
    ("DELETE", "/system/functions"), ("GET", "/system/function/hello"), ("POST", "/system/scale-function/hello"),
    ("GET", "/system/info"), ("GET", "/system/secrets"), ("POST", "/system/secrets"), ("GET", "/system/namespaces"),
    ("POST", "/system/namespace/"), ("GET", "/system/logs?name=hello"), ("PUT", "/system/artefacts/hello"),
    ("GET", "/system/explain/hello"),
  ])
  func `tells strangers nothing`(_ method: String, _ path: String) throws {
    let gateway = try RunningGateway()
    let answer = try gateway.curl(path, "-i -X \(method) -d '{}'")
    #expect(answer.status == 401)
    #expect(answer.body.contains(#"WWW-Authenticate: Basic realm="Restricted""#))
    #expect(answer.body.contains("invalid credentials"))
  }

  @Test func `deploys as faas-cli does and answers the first call from sleep`() throws {
    let gateway = try RunningGateway()
    let unknown = try gateway.admin("/system/functions", #"-X PUT -d '{"service":"hello","image":"hello"}'"#)
    #expect(unknown.status == 400, "there is no artefact yet")
    try gateway.deploy("hello", as: "hello")
    let body = #"{"service":"hello","image":"hello:latest","labels":{},"annotations":{},"secrets":null}"#
    #expect(try gateway.admin("/system/functions", "-X PUT -d '\(body)'").status == 202)
    #expect(try gateway.curl("/function/hello", "-d Swift") == .init(status: 200, body: "Hello, Swift!"))
    #expect(try gateway.curl("/function/hello.openfaas-fn", "-d you") == .init(status: 200, body: "Hello, you!"))
    let list = try JSON.parse(Array(try gateway.admin("/system/functions").body.utf8))
    #expect(list[0]?["name"]?.stringValue == "hello")
    #expect(list[0]?["invocationCount"]?.integerValue == 2)
    #expect(list[0]?["availableReplicas"]?.integerValue == 1)
    #expect(try gateway.admin("/system/functions", #"-X DELETE -d '{"functionName":"hello"}'"#).status == 202)
    #expect(try gateway.admin("/system/functions", #"-X DELETE -d '{"functionName":"hello"}'"#).status == 404)
    #expect(try gateway.curl("/function/hello").status == 404)
  }

  @Test func `starts one replica for many cold calls at once`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello")
    let calls =
      "seq 40 | xargs -P 40 -I{} curl -sS -m 20 -d {} '\(gateway.url)/function/hello' | grep -o 'Hello' | wc -l"
    #expect(try Shell.run(calls).output.contains("40"))
    #expect(try gateway.metric(#"apus_replica_starts_total{function_name="hello.openfaas-fn"}"#) == 1)
  }

  @Test func `sleeps when nobody calls, and wakes for the next call`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello", #","labels":{"com.openfaas.scale.zero-duration":"100ms"}"#)
    // The replica that showed that it starts goes first.
    #expect(!gateway.line(with: "replica gone").isEmpty)
    #expect(try gateway.curl("/function/hello", "-d a").status == 200)
    #expect(gateway.line(with: "replica gone").contains("exit status 0"))
    let status = try JSON.parse(Array(try gateway.admin("/system/function/hello").body.utf8))
    #expect(status["replicas"]?.integerValue == 0)
    #expect(try gateway.curl("/function/hello", "-d b") == .init(status: 200, body: "Hello, b!"))
  }

  @Test func `gives the caller's own call id back, once`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello")
    let answer = try gateway.curl("/function/hello/a%2Fb//c?x=%20&y", "-i -X PATCH -H 'X-Call-Id: mine' -d me")
    #expect(answer.status == 200)
    #expect(answer.body.lowercased().contains("x-call-id: mine"))
    #expect(answer.body.lowercased().components(of: "x-call-id:") == 1)
  }

  @Test func `does not start on the port of another`() throws {
    let gateway = try RunningGateway()
    let port = gateway.url.split(separator: ":").last ?? ""
    let places = try "--port \(port) --metrics-port 0 --data '\(Shell.temporaryFolder())'"
    let second = try Shell.run("timeout 20 '\(BuiltProgram.path("apus-gateway"))' \(places) 2>&1")
    #expect(second.status == 1)
    #expect(second.output.contains("Address already in use"), "\(second.output)")
  }

  @Test func `is not asked, nor sent a password, where another one left its address`() throws {
    let gateway = try RunningGateway()
    let folder = try Shell.temporaryFolder()
    // As a killed gateway leaves it: no process has this number.
    let left = #"{"gateway":"\#(gateway.url)","metrics":"","pid":4194305}"#
    let copy = "cp -r '\(gateway.folder)/auth' '\(folder)' && mkdir '\(folder)/run'"
    let ask = try "env -u OPENFAAS_URL '\(BuiltProgram.path("apus"))' list --data '\(folder)' 2>&1"
    let answer = try Shell.run("\(copy) && echo '\(left)' > '\(folder)/run/endpoints.json' && \(ask)")
    #expect(answer.status == 1)
    #expect(answer.output.contains("127.0.0.1:8080"), "\(answer.output)")
  }

  @Test func `lets no replica outlive it, and has every deployment when it comes back`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello")
    #expect(try gateway.curl("/function/hello", "-d a").status == 200)
    let children = try Shell.run("ps -o pid= --ppid \(gateway.pid)").output.split(separator: "\n").map {
      $0.filter(\.isNumber)
    }
    try #require(try RunningStack.working(children).count == 1)
    _ = try gateway.end(SIGKILL)
    #expect(try RunningStack.survivors(children) == "")
    try gateway.start()
    #expect(try gateway.curl("/function/hello", "-d again") == .init(status: 200, body: "Hello, again!"))
    #expect(try gateway.end(SIGTERM)?.isSuccess == true)
  }

  @Test func `is not disturbed by one on a copy of its data`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello")
    #expect(try gateway.curl("/function/hello", "-d a").status == 200)
    let copy = try Shell.temporaryFolder()
    #expect(try Shell.run("cp -a '\(gateway.folder)/.' '\(copy)'").status == 0)
    let other = try RunningGateway(folder: copy)
    #expect(try other.curl("/function/hello", "-d b") == .init(status: 200, body: "Hello, b!"))
    #expect(try gateway.admin("/system/scale-function/hello", #"-d '{"replicas":0}'"#).status == 202)
    #expect(!gateway.line(with: "replica gone").isEmpty)
    #expect(try gateway.curl("/function/hello", "-d c") == .init(status: 200, body: "Hello, c!"), "a new replica")
  }

  @Test func `serves what was stored with variables that the gateway alone may set`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello", #","envVars":{"kept":"1"}"#)
    #expect(try gateway.end(SIGTERM)?.isSuccess == true)
    let edit = "UPDATE deployments SET document = replace(document, 'kept', 'LISTEN_FDS')"
    let changed = try Shell.run("sqlite3 -bail '\(gateway.folder)/state/apus.db' \"\(edit); SELECT changes()\"")
    try #require(changed.output == "1\n")
    try gateway.start()
    #expect(try gateway.curl("/function/hello", "-d a") == .init(status: 200, body: "Hello, a!"))
    #expect(try !gateway.admin("/system/function/hello").body.contains("LISTEN_FDS"))
  }

  @Test func `keeps secrets to itself and lays them out for the function that names them`() throws {
    let gateway = try RunningGateway()
    let secret = #"-d '{"name":"key","value":"hidden-value"}'"#
    #expect(try gateway.admin("/system/secrets", "-X POST \(secret)").status == 202)
    #expect(try gateway.admin("/system/secrets", "-X POST \(secret)").status == 409)
    #expect(try gateway.admin("/system/secrets").body == #"[{"name":"key","namespace":"openfaas-fn"}]"#)
    #expect(try Shell.run("grep -rc hidden-value '\(gateway.folder)' | grep -v ':0$'").output == "")
    try gateway.deploy("hello", as: "hello", #","secrets":["key"]"#)
    #expect(try gateway.curl("/function/hello", "-d a").status == 200)
    let missing = try gateway.admin(
      "/system/functions", #"-X POST -d '{"service":"other","image":"hello","secrets":["nokey"]}'"#)
    #expect(missing.status == 400)
    #expect(missing.body.contains("there is no secret nokey"))
    #expect(try gateway.admin("/system/secrets", #"-X DELETE -d '{"name":"nokey"}'"#).status == 404)
  }

  @Test func `loses no call while a new version takes over`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello")
    #expect(try gateway.curl("/function/hello", "-d a").status == 200)
    let call = "curl -sS -m 20 -o /dev/null -w '%{http_code}\\n' -d {} '\(gateway.url)/function/hello'"
    let load = "seq 300 | xargs -P 4 -I{} \(call)"
    let body = #"{"service":"hello","image":"hello:latest","envVars":{"round":"$i"}}"#
    let update = "-X PUT -d \"\(body.escaped)\" '\(gateway.url)/system/functions'"
    let rounds = "for i in 1 2 3 4 5; do curl -sS -o /dev/null \(gateway.credentials) \(update); done"
    let answers = try Shell.run("(\(rounds)) & \(load); wait").output.split(separator: "\n")
    #expect(answers.count == 300)
    #expect(answers.allSatisfy { $0 == "200" })
  }

  @Test func `names in its lines for people what a caller may name`() throws {
    let gateway = try RunningGateway()
    // On a terminal the lines are others; script(1) is one.
    let folder = try Shell.temporaryFolder()
    defer { _ = try? Shell.run("rm -rf '\(folder)'") }
    let words = ["--port", "0", "--metrics-port", "0", "--data", folder] + (try Program.libraries())
    let command = "'\(try BuiltProgram.path("apus-gateway"))' \(words.joined(separator: " "))"
    let log = "\(folder).log"
    defer { _ = try? Shell.run("rm -f '\(log)'") }
    let people = try Program(path: "/usr/bin/script", ["-qefc", command, log])
    defer { _ = try? people.end(SIGTERM) }
    let endpoints = "\(folder)/run/endpoints.json"
    let wait = "for i in $(seq 400); do [ -s '\(endpoints)' ] && exit; sleep 0.05; done; exit 1"
    try #require(try Shell.run(wait).status == 0)
    let url = try Shell.run("jq -r .gateway '\(endpoints)'").output.filter { !$0.isNewline }
    let user = "-u \"$(cat '\(folder)/auth/basic-auth-user'):$(cat '\(folder)/auth/basic-auth-password')\""
    try gateway.upload("lifecycle-fixture", as: "broken")
    let upload = "curl -sS \(user) -T '\(gateway.folder)/broken.tar' '\(url)/system/artefacts/broken'"
    #expect(try Shell.run(upload).output.contains("sha256"))
    let body = #"{"service":"broken","image":"broken","envVars":{"FIXTURE":"fail"}}"#
    _ = try Shell.run("curl -sS \(user) -d '\(body)' '\(url)/system/functions'")
    let answer = try Shell.run("curl -sS -m 20 '\(url)/function/broken'").output
    let reference = try #require(Shell.reference(in: answer), "\(answer)")
    // What script(1) has read from its terminal, it has yet to write.
    let found = "for i in $(seq 400); do grep \(reference) '\(log)' && exit; sleep 0.05; done"
    #expect(try Shell.run(found).output.contains("exit status 1"))
  }

  @Test func `says why a function does not start`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "broken", #","envVars":{"FIXTURE":"fail"}"#)
    let answer = try gateway.admin("/function/broken")
    #expect([502, 503].contains(answer.status), "\(answer.body)")
    #expect(answer.body.contains("exit status"))
  }
}

extension String {
  fileprivate var escaped: String { reduce(into: "") { $0 += $1 == "\"" ? "\\\"" : String($1) } }

  fileprivate func components(of part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: part) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
