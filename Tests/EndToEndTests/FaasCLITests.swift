import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

/// What faas-cli sends, byte for byte, against the real gateway; and the program itself where there is one.
@Suite(.serialized) struct `A faas-cli of today` {
  @Test(arguments: FaasCLICommand.aboutFunctions)
  func `finds its functions`(_ command: FaasCLICommand) throws { try replay(command) }

  @Test(arguments: FaasCLICommand.aboutCalls)
  func `calls them, and reads their logs`(_ command: FaasCLICommand) throws { try replay(command) }

  @Test(arguments: FaasCLICommand.aboutSecrets)
  func `keeps secrets`(_ command: FaasCLICommand) throws { try replay(command) }

  @Test(arguments: FaasCLICommand.aboutNamespaces)
  func `has namespaces`(_ command: FaasCLICommand) throws { try replay(command) }

  private func replay(_ command: FaasCLICommand) throws {
    let gateway = try RunningGateway()
    if command.deploys { try gateway.upload(command.program, as: "hello", namespaces: ["openfaas-fn", "dev"]) }
    let basic = try gateway.basic()
    for request in command.given {
      let connection = try gateway.connect()
      try connection.send(request.onWire(host: gateway.host, basic: basic))
      let answer = try connection.answer()
      try #require(request.accepted.contains(answer.status), "\(request.path): \(answer.text)")
    }
    // A command is a process, and Go keeps its one connection.
    let connection = try gateway.connect()
    for request in command.requests {
      try connection.send(request.onWire(host: gateway.host, basic: basic))
      let answer = try connection.answer()
      let what: Comment = "\(request.method) \(request.path): \(answer.status) \(answer.text)"
      #expect(request.accepted.contains(answer.status), what)
      #expect(answer["connection"] != "close", what)
      if answer.status == 401 { #expect(answer["www-authenticate"] == #"Basic realm="Restricted""#) }
      try request.shape.verify(answer)
    }
  }

  @Test func `follows logs until it has seen enough`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "hello")
    let basic = try gateway.basic()
    var follower: WireConnection? = try gateway.connect()
    let request = GoRequest.get("/system/logs?follow=true&name=hello&tail=-1", [200])
    try follower?.send(request.onWire(host: gateway.host, basic: basic))
    let head = try #require(try follower?.head())
    #expect(head.status == 200)
    #expect(head["content-type"] == "application/x-ndjson")
    // Its lines come while it waits: nothing was said before the head was there.
    #expect(try gateway.curl("/function/hello").body == "answered")
    let chunk = try #require(try follower?.chunk())
    let line = chunk.prefix { $0 != UInt8(ascii: "\n") }
    try AnswerShape.verify(logLine: Array(line), of: "hello")
    // Ctrl-C ends the process, and so its connection, in the midst of the answer.
    follower = nil
    #expect(try gateway.curl("/function/hello").body == "answered")
    #expect(try gateway.end(SIGTERM)?.isSuccess == true)
  }

  @Test func `reaches the gateway under a name in lower case`() throws {
    // It writes --gateway http://LOCALHOST:8080/ in lower case, and cuts the slash.
    let gateway = try RunningGateway()
    let connection = try gateway.connect()
    let host = gateway.host.split(separator: ":").last.map { "localhost:\($0)" } ?? ""
    let login = GoRequest.get("/system/functions", [200]).with { $0.agent = .go }
    try connection.send(login.onWire(host: host, basic: try gateway.basic()))
    #expect(try connection.answer().status == 200)
  }

  @Test func `is the program that FAAS_CLI names, where there is one`() throws {
    guard let program = getenv("FAAS_CLI").map({ String(cString: $0) }), !program.isEmpty else {
      return print("FAAS_CLI names no faas-cli: its requests were replayed, the program itself was not had")
    }
    let gateway = try RunningGateway()
    try gateway.upload("lifecycle-fixture", as: "hello", namespaces: ["openfaas-fn", "dev"])
    let variables = "HOME='\(gateway.folder)' OPENFAAS_CONFIG='\(gateway.folder)/cli' OPENFAAS_URL='\(gateway.url)'"
    let auth = "\(gateway.folder)/auth/basic-auth"
    for (line, says) in [
      ("login -u \"$(cat '\(auth)-user')\" --password-stdin <'\(auth)-password'", "credentials saved"),
      ("version --warn-update=false", "apus"), ("ready", ""), ("list", "Invocations"),
      ("deploy --image hello:latest --name hello", "Deployed"),
      ("deploy --image hello:latest --name hello", "Deployed"),
      ("deploy --update=false --replace --image hello:latest --name hello", "Deployed"),
      ("invoke hello </dev/null", "answered"), ("ready hello", ""), ("list -v", "hello"), ("list --json", "createdAt"),
      ("describe hello", "hello"), ("logs hello --follow=false", "start hook"),
      ("secret create key --from-literal=geheim", "Created"), ("secret list", "key"),
      ("secret create key --from-literal=geheim2 --replace", "Updated"),
      ("secret update key --from-literal=geheim3", "Updated"), ("secret remove key", ""),
      ("namespace create dev", "dev"), ("namespace list", "dev"), ("namespace get dev", "dev"),
      ("deploy -n dev --image hello:latest --name hello", "Deployed"), ("list -n dev", "hello"),
      ("invoke hello -n dev </dev/null", "answered"), ("remove hello -n dev", ""), ("namespace remove dev", ""),
      ("remove hello", ""),
    ] {
      let (output, status) = try Shell.run("\(variables) timeout 80 '\(program)' \(line) 2>&1")
      #expect(status == 0, "\(line): \(output)")
      #expect(says.isEmpty || output.firstRange(of: says) != nil, "\(line): \(output)")
    }
  }
}
