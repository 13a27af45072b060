import ApusIO
import ApusJSON
import ApusLauncher
import Glibc
import Testing

@Suite(.serialized) struct `The command-line tool` {
  @Test func `brings a stack up, and says how to call it`() throws {
    let stack = try RunningStack()
    let row = stack.line(with: "/function/hello")
    // It starts once, because it was deployed.
    #expect(row.hasSuffix("starting") || row.hasSuffix("ready"))
    let curl = stack.line(with: "try: ").dropFirst("try: ".count)
    #expect(try Shell.run("\(curl) -sS -m 20").output == "Hello, Swift!")
    #expect(stack.line(with: "admin: ").contains("made just now"))
    #expect(stack.line(with: "is ready after").contains("hello"))
  }

  @Test func `lists, describes, calls, explains`() throws {
    let stack = try RunningStack()
    _ = stack.line(with: "stop: ")
    #expect(!stack.line(with: "is ready after").isEmpty)
    #expect(try stack.apus("scale hello 0").status == 0)
    #expect(!stack.line(with: "is gone").isEmpty)
    #expect(try stack.apus("invoke hello -d you") == ("Hello, you!", 0))
    #expect(try stack.apus("invoke hello.openfaas-fn -d -", input: "me") == ("Hello, me!", 0))
    let list = try stack.apus("list")
    #expect(list.status == 0)
    #expect(list.output.contains("hello      ready   1          2       hello:latest"), "\(list.output)")
    let json = try JSON.parse(Array(try stack.apus("list --output json").output.utf8))
    #expect(json[0]?["invocationCount"]?.integerValue == 2)
    #expect(try stack.apus("describe hello").output.contains("hello: ready"))
    #expect(try stack.apus("explain hello").output.contains("a call came while no replica was there"))
    #expect(try stack.apus("version").output.contains("gateway   0."))
  }

  @Test func `puts a function to sleep, deploys it again, and removes it`() throws {
    let stack = try RunningStack()
    _ = stack.line(with: "stop: ")
    #expect(try stack.apus("invoke hello -d a").output == "Hello, a!")
    #expect(try stack.apus("scale hello 0").status == 0)
    #expect(stack.line(with: "is gone").hasSuffix("(ended with exit status 0)"), "no caller heard of it")
    #expect(try stack.apus("list").output.contains("asleep"))
    #expect(try stack.apus("deploy -f '\(stack.folder)/stack.yml'").status == 0)
    #expect(try stack.apus("remove hello").status == 0)
    let again = try stack.apus("remove hello")
    #expect(again.status == 1)
    #expect(again.output.contains("hello"))
    #expect(try stack.apus("invoke hello").status == 1)
  }

  @Test func `waits until functions are what they are to be, or the time is over`() throws {
    let stack = try RunningStack()
    _ = stack.line(with: "stop: ")
    #expect(try stack.apus("list --wait").status == 0, "asleep is settled: the next call starts it")
    #expect(try stack.apus("list --wait asleep --output json").output.contains("\"name\": \"hello\""))
    let late = try stack.apus("list --wait ready --timeout 200ms")
    #expect(late.status == 1)
    #expect(late.output.contains("not ready: hello"), "\(late.output)")
    #expect(try stack.apus("scale hello 1").status == 0)
    #expect(try stack.apus("list --wait ready").output.contains("ready   1"))
    #expect(try stack.apus("list ready").status == 2, "a state is what --wait waits for")
    #expect(try stack.apus("list --wait --timeout 0").status == 2)
  }

  @Test func `says which function does not start, and why`() throws {
    let stack = try RunningStack(RunningStack.failing)
    #expect(stack.line(with: "/function/lifecycle-fixture").hasSuffix("failing"))
    let why =
      "lifecycle-fixture is failing: ended before it was ready, with exit status 1: the function did not start:"
      + " the database is not there"
    #expect(!stack.line(with: why).isEmpty)
    _ = stack.line(with: "stop: ")
    let list = try stack.apus("list")
    #expect(list.status == 0)
    #expect(list.output.contains("lifecycle-fixture   failing"), "\(list.output)")
    #expect(list.output.contains(why), "\(list.output)")
    let waited = try stack.apus("list --wait --timeout 20s")
    #expect(waited.status == 1)
    #expect(waited.output.contains(why), "\(waited.output)")
    let json = try JSON.parse(Array(try stack.apus("list -o json 2>/dev/null").output.utf8))
    #expect(json[0]?["state"]?.stringValue == "failing")
    #expect(json[0]?["replicas"]?.integerValue == 0)
    let deployed = try stack.apus("deploy --no-build -f '\(stack.folder)/stack.yml'")
    #expect(deployed.status == 1 && deployed.output.contains("not starting: lifecycle-fixture"), "\(deployed.output)")
  }

  @Test(arguments: ["text", "json"]) func `prints the references that callers are given`(format: String) throws {
    let stack = try RunningStack(RunningStack.failing, ["--output", format])
    _ = stack.line(with: format == "text" ? "stop: " : #""event":"deployed""#)
    let answer = try stack.curl("/function/lifecycle-fixture")
    #expect(!answer.contains("exit status"), "\(answer)")
    let reference = try #require(Shell.reference(in: answer), "\(answer)")
    let line = stack.line(with: reference)
    #expect(line.contains("exit status 1"), "\(line)")
    #expect(line.contains("the database is not there"), "what it wrote last: \(line)")
  }

  @Test func `says how many replicas there are if not as many as were asked for`() throws {
    let stack = try RunningStack(RunningStack.hello + "\n    labels:\n      com.openfaas.scale.max: \"2\"")
    _ = stack.line(with: "stop: ")
    let scaled = try stack.apus("scale hello 5")
    #expect(scaled.status == 0)
    #expect(scaled.output.hasPrefix("hello goes to 2 replicas, not 5: com.openfaas.scale.max allows 2"))
    let json = try JSON.parse(Array(try stack.apus("scale hello 7 -o json").output.utf8))
    #expect(json["replicas"]?.integerValue == 2)
    #expect(json["asked"]?.integerValue == 7)
    #expect(try stack.apus("scale hello 1") == ("hello goes to 1 replica\n", 0))
  }

  @Test func `says that its result could not be written`() throws {
    let stack = try RunningStack()
    _ = stack.line(with: "stop: ")
    let apus = "APUS_DATA='\(stack.folder)/data' '\(try Program.path("apus"))'"
    for command in ["list", "list -o json", "describe hello", "token create --scope read"] {
      let full = try Shell.run("\(apus) \(command) 2>&1 >/dev/full")
      #expect(full.status == 1 && full.output.contains("No space left on device"), "\(command): \(full.output)")
    }
  }

  @Test func `waits no longer for a function that has failed`() throws {
    let stack = try RunningStack(RunningStack.hello + "\n    labels:\n      com.openfaas.scale.min: \"1\"")
    _ = stack.line(with: "stop: ")
    #expect(try stack.apus("list --wait ready").status == 0)
    // The next generation is no program that this machine can start.
    let folder = stack.folder
    _ = try Shell.run(
      "mkdir '\(folder)/a' && printf 'no program' > '\(folder)/a/handler' && chmod +x '\(folder)/a/handler'")
    let user = "-u \"$(cat '\(folder)/data/auth/basic-auth-user'):$(cat '\(folder)/data/auth/basic-auth-password')\""
    let url = "$(jq -r .gateway '\(folder)/data/run/endpoints.json')"
    let upload = "tar -C '\(folder)/a' -c handler | curl -sS -T - \(user) \"\(url)/system/artefacts/bad\""
    #expect(try Shell.run(upload).output.contains("sha256"))
    let body = #"{"service":"hello","image":"bad:latest","labels":{"com.openfaas.scale.min":"1"}}"#
    _ = try Shell.run("curl -sS \(user) -X PUT -d '\(body)' \"\(url)/system/functions\"")
    #expect(!stack.line(with: "new version does not start").isEmpty)
    #expect(try stack.apus("invoke hello -d you").output == "Hello, you!", "the one before serves on")
    let waited = try stack.apus("list --wait --timeout 20s")
    #expect(waited.status == 1)
    #expect(waited.output.contains("hello: the new version does not start: "), "\(waited.output)")
  }

  @Test func `calls with a method, a path, fields, and a body from a file`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "echo", #","envVars":{"FIXTURE":"echo"}"#)
    _ = try Shell.run("printf filed > '\(gateway.folder)/body'")
    let apus = { (words: String) in
      try Shell.run(
        "env -u OPENFAAS_URL APUS_DATA='\(gateway.folder)' '\(Program.path("apus"))' invoke echo \(words) 2>&1")
    }
    let answer = try apus(
      "-X PATCH --path '/a%2Fb?c=d' -H 'X-Mine: 1' -H 'x-other:2' --content-type text/odd"
        + " --from-file '\(gateway.folder)/body'"
    )
    #expect(answer.status == 0, "\(answer.output)")
    let lines = answer.output.split(separator: "\n").map { $0.lowercased() }
    #expect(lines.first == "patch /a%2fb?c=d")
    for field in ["x-mine: 1", "x-other: 2", "content-type: text/odd", "content-length: 5"] {
      #expect(lines.contains(field), "\(answer.output)")
    }
    let json = try JSON.parse(Array(try apus("-d x --output json").output.utf8))
    #expect(json["status"]?.integerValue == 200)
    #expect(json["headers"]?["X-Call-Id"]?.stringValue?.isEmpty == false)
    #expect(json["body"]?.stringValue?.hasPrefix("POST /") == true)
    #expect(try apus("-d x --from-file y").status == 2)
    #expect(try apus("-H nonsense").status == 2)
    #expect(try apus("--path nonsense").status == 2)
  }

  @Test func `explains to programs in figures, and numbers a deployment as describe does`() throws {
    let gateway = try RunningGateway()
    // Others are deployed meanwhile: their numbers are none of its own.
    try gateway.deploy("hello", as: "other")
    try gateway.deploy("hello", as: "hello")
    try gateway.deploy("hello", as: "another")
    let change = #"-X PUT -d '{"service":"hello","image":"hello:latest","envVars":{"a":"b"}}'"#
    #expect(try gateway.admin("/system/functions", change).status == 202)
    #expect(!gateway.line(with: "new version serves").isEmpty)
    let number = try #require(try gateway.status("hello")["generation"]?.integerValue)
    #expect(number == 2)
    let json = try JSON.parse(Array(try gateway.apus("explain hello -o json").output.utf8))
    let decisions = try #require(json["decisions"]?.arrayValue)
    let deployed = decisions.filter { $0["cause"]?.stringValue == "deployed" }
    #expect(deployed.compactMap { $0["generation"]?.integerValue } == [number], "\(json)")
    let promoted = decisions.filter { $0["cause"]?.stringValue == "promoted" }
    #expect(promoted.compactMap { $0["generation"]?.integerValue } == [number], "\(json)")
    for decision in decisions {
      for key in ["from", "to", "times", "waiting", "running", "ready", "starting", "draining"] {
        #expect(decision[key]?.integerValue != nil, "\(key): \(decision)")
      }
      #expect(decision["at"]?.stringValue?.hasSuffix("Z") == true)
      #expect(decision["text"]?.stringValue?.isEmpty == false)
    }
    #expect(try gateway.apus("explain hello").output.contains("generation 2 was deployed"))
  }

  @Test func `tells what ends up, and what list waits for`() throws {
    for verb in ["up", "dev"] {
      let help = try Shell.run("'\(Program.path("apus"))' \(verb) --help").output
      #expect(help.contains("SIGHUP"), "\(help)")
    }
    let list = try Shell.run("'\(Program.path("apus"))' list --help").output
    #expect(list.contains("apus list --wait asleep"), "\(list)")
  }

  @Test func `says to programs what it did`() throws {
    let stack = try RunningStack()
    _ = stack.line(with: "stop: ")
    let quiet = { (words: String) in try JSON.parse(Array(try stack.apus("\(words) -o json", input: "v").output.utf8)) }
    #expect(try quiet("secret create key")["created"]?.stringValue == "key")
    #expect(try quiet("secret remove key")["removed"]?.stringValue == "key")
    #expect(try quiet("scale hello 1")["replicas"]?.integerValue == 1)
    #expect(try quiet("remove hello")["removed"]?.stringValue == "hello.openfaas-fn")
  }

  @Test(arguments: ["new", "up", "dev", "deploy", "doctor", "volume put", "backup", "restore", "list", "invoke"])
  func `explains each verb, and what its exit status means`(verb: String) throws {
    let help = try Shell.run("'\(Program.path("apus"))' \(verb) --help")
    #expect(help.status == 0)
    #expect(help.output.contains("Exit status: 0"))
    #expect(help.output.contains("--output"))
  }

  @Test func `prints what a function wrote`() throws {
    let stack = try RunningStack(RunningStack.hello + "\n    environment:\n      log_calls: \"true\"")
    _ = stack.line(with: "stop: ")
    #expect(try stack.apus("invoke hello -d a").status == 0)
    let stopped = try stack.apus("scale hello 0")
    #expect(stopped.status == 0)
    #expect(!stack.line(with: "is gone").isEmpty)
    let last = try stack.apus("logs hello --tail 1")
    #expect(last.status == 0)
    #expect(last.output.split(separator: "\n").count == 1, "\(last.output)")
    let object = try JSON.parse(Array(try stack.apus("logs hello --tail 1 -o json").output.utf8))
    #expect(object["name"]?.stringValue == "hello")
  }

  @Test func `takes secrets from standard input and shows their names alone`() throws {
    let stack = try RunningStack()
    _ = stack.line(with: "stop: ")
    #expect(try stack.apus("secret create key", input: "hidden") == ("created key\n", 0))
    #expect(try stack.apus("secret create key", input: "hidden").status == 1)
    #expect(try stack.apus("secret update key", input: "other") == ("updated key\n", 0))
    #expect(try stack.apus("secret list") == ("key\n", 0))
    #expect(try stack.apus("secret create empty").status == 1)
    #expect(try stack.apus("secret remove key").status == 0)
    #expect(try stack.apus("secret list").output == "")
  }

  @Test func `makes a secret that the stack asks for`() throws {
    let stack = try RunningStack(
      RunningStack.hello + "\n    secrets: [key]\n    annotations:\n      com.apus.secret.generate: key")
    _ = stack.line(with: "stop: ")
    #expect(try stack.apus("secret list") == ("key\n", 0))
    #expect(try stack.apus("invoke hello -d a").output == "Hello, a!")
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func `leaves no process when it is asked to stop`(signal: CInt) throws {
    let stack = try RunningStack()
    _ = stack.line(with: "stop: ")
    #expect(try stack.apus("invoke hello -d a").status == 0)
    let children = try stack.descendants()
    try #require(try RunningStack.working(children).count == 2)
    #expect(try stack.end(signal)?.isSuccess == true)
    #expect(try RunningStack.survivors(children) == "")
  }

  @Test func `leaves no process when it is killed`() throws {
    let stack = try RunningStack()
    _ = stack.line(with: "stop: ")
    #expect(try stack.apus("invoke hello -d a").status == 0)
    let children = try stack.descendants()
    try #require(try RunningStack.working(children).count == 2)
    _ = try stack.end(SIGKILL)
    #expect(try RunningStack.survivors(children) == "")
  }

  @Test func `fails when the gateway ends by itself`() throws {
    let stack = try RunningStack()
    _ = stack.line(with: "stop: ")
    let children = try stack.descendants()
    let gateway = try #require(children.first.flatMap { pid_t($0) })
    #expect(kill(gateway, SIGKILL) == 0)
    #expect(!stack.line(with: "the gateway ended by itself with signal 9").isEmpty)
    #expect(try stack.end(0)?.cause == .status(1))
  }

  @Test func `prints all that is wrong with a stack, with lines`() throws {
    let stack = try RunningStack(
      "functions:\n  Hello:\n    image: hello\n  other:\n    imagee: hello\n    image: other\n")
    let first = stack.line(with: "stack.yml:2:3: error:")
    #expect(!first.isEmpty)
    #expect(!stack.line(with: "stack.yml:5:5: error:").isEmpty)
    #expect(try stack.end(0)?.cause == .status(1))
  }

  @Test func `says what to do when no gateway runs, or it knows nobody`() throws {
    let stack = try RunningStack()
    let words = stack.line(with: "/function/hello").split(separator: " ")
    let url = try #require(words.dropFirst().first).dropLast("/function/hello".count)
    _ = stack.line(with: "stop: ")
    let alone = try stack.apus("list --gateway http://127.0.0.1:1")
    #expect(alone.status == 1)
    #expect(alone.output.contains("apus up"))
    let stranger = try stack.apus("list --data /nowhere --gateway \(url)")
    #expect(stranger.status == 1)
    #expect(stranger.output.contains("wants credentials"))
  }
}
