import ApusIO
import ApusJSON
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
    #expect(stack.line(with: "is gone").contains("exit status 0"))
    #expect(try stack.apus("list").output.contains("asleep"))
    #expect(try stack.apus("deploy -f '\(stack.folder)/stack.yml'").status == 0)
    #expect(try stack.apus("remove hello").status == 0)
    let again = try stack.apus("remove hello")
    #expect(again.status == 1)
    #expect(again.output.contains("hello"))
    #expect(try stack.apus("invoke hello").status == 1)
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
    try #require(children.count == 2)
    #expect(try stack.end(signal)?.isSuccess == true)
    #expect(try RunningStack.survivors(children) == "")
  }

  @Test func `leaves no process when it is killed`() throws {
    let stack = try RunningStack()
    _ = stack.line(with: "stop: ")
    #expect(try stack.apus("invoke hello -d a").status == 0)
    let children = try stack.descendants()
    try #require(children.count == 2)
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
