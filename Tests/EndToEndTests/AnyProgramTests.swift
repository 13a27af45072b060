import ApusIO
import ApusJSON
import Glibc
import Instruments
import Testing

/// Functions that are any program, behind the real watchdog.
@Suite(.serialized) struct `Any program as a function` {
  /// Of this repository.
  private static var guides: String {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return parts.reduce(into: "") { $0 += "/\($1)" } + "/docs/guides"
  }

  @Test func `runs as the guide says, from its own stack`() throws {
    let stack = try RunningStack(file: "\(Self.guides)/any-program/stack.yml")
    #expect(!stack.line(with: "stop: Ctrl-C").isEmpty)
    #expect(try stack.apus("invoke shout -d hello").output.hasPrefix("HELLO"))
    #expect(try stack.apus("invoke greet -d Ada").output == "Hello, Ada!\n")
    #expect(try stack.apus("invoke site -X GET").output.contains("<h1>A site without a program</h1>"))
    #expect(try stack.apus("invoke echo -d hello").output.hasPrefix("hello"))
    // Both ways at once.
    let url = try stack.url()
    let body = try BuiltProgram.path("apus")
    let long = try Shell.run(
      "p='\(body)'; curl -sS -m 30 --data-binary @$p -H Expect: '\(url)/function/echo' | cmp - $p"
    )
    #expect(long.output.isEmpty && long.status == 0, "\(long.output.prefix(200))")
    let invoked = try stack.apus("invoke echo --from-file '\(body)' | cmp - '\(body)'")
    #expect(invoked.output.isEmpty && invoked.status == 0, "\(invoked.output.prefix(200))")
  }

  @Test func `is what the guide shows`() throws {
    let guide = try Shell.run("cat '\(Self.guides)/any-program.md'").output
    let stack = try Shell.run("cat '\(Self.guides)/any-program/stack.yml'").output
    #expect(guide.contains("```yaml\n\(stack)```"))
  }

  @Test(arguments: [
    ("bash", "-d Ada", "Hello, Ada!"), ("python", "-d Ada", "Hello, Ada!"), ("dockerfile", "-d Ada", "Hello, Ada!"),
    ("static", "-X GET", "<h1>Hello from salute</h1>"),
  ]) func `is made by apus new, and runs as it is`(language: String, call: String, answer: String) throws {
    let workshop = try Workshop()
    _ = try Shell.run("rm '\(workshop.folder)/stack.yml'")
    let made = try workshop.apus("new salute --lang \(language)")
    #expect(made.status == 0, "\(made.output)")
    let stack = try RunningStack(file: "\(workshop.folder)/salute/stack.yml")
    #expect(!stack.line(with: "stop: Ctrl-C").isEmpty)
    #expect(try stack.apus("invoke salute \(call)").output.contains(answer))
  }

  @Test func `is told its caller's fields, and fails as it does`() throws {
    let gateway = try RunningGateway()
    let script = "[ $Http_Path = /fail ] && exit 3; echo $Http_X_Word $Http_Method; echo on errors >&2"
    let members = #","envProcess":"bash handler.sh","envVars":{"mode":"serializing"}"#
    try gateway.deploy(files: ["handler.sh": script], as: "any", members)
    #expect(try gateway.curl("/function/any/x", "-H 'X-Word: hi' -X PUT") == .init(status: 200, body: "hi PUT\n"))
    let failed = try gateway.curl("/function/any/fail")
    #expect(failed == .init(status: 500, body: "exit status 3\n"))
    let logs = try gateway.admin("/system/logs?name=any")
    #expect(logs.body.contains("stderr: on errors"), "\(logs.body)")
  }

  @Test func `sees its own files, read-only, and little else`() throws {
    let gateway = try RunningGateway()
    let script = "ls /home/app; touch /home/app/x 2>/dev/null && echo wrote; cat /proc/1/comm"
    try gateway.deploy(files: ["handler.sh": script], as: "any", #","envProcess":"bash handler.sh""#)
    let answer = try gateway.curl("/function/any")
    if try gateway.has("processes") { #expect(answer.body.hasSuffix("apus-watchdog\n"), "\(answer)") }
    guard try gateway.has("mounts") else { return }
    #expect(answer.body.hasPrefix("handler.sh\n"), "\(answer)")
    #expect(!answer.body.contains("wrote"))
  }

  @Test func `of mode http that never comes up fails its deployment, and says why`() throws {
    let gateway = try RunningGateway()
    let members = #","envProcess":"bash handler.sh","envVars":{"mode":"http","upstream_url":"http://127.0.0.1:5000"}"#
    try gateway.deploy(files: ["handler.sh": "echo the database is gone >&2; exit 4"], as: "any", members)
    let answer = try gateway.admin("/function/any")
    #expect([502, 503].contains(answer.status))
    #expect(answer.body.contains("exit status 4"), "\(answer.body)")
  }

  @Test func `ends a sleeping replica in order`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy(files: ["handler.sh": "cat"], as: "any", #","envProcess":"bash handler.sh""#)
    #expect(try gateway.curl("/function/any", "-d hi").body == "hi")
    #expect(try gateway.admin("/system/scale-function/any", #"-d '{"replicas":0}'"#).status == 202)
    let gone = gateway.line(with: "replica gone")
    #expect(gone.contains("exit status 0"), "\(gone)")
  }
}

extension RunningGateway {
  /// Uploads `files` as an artefact and deploys it.
  func deploy(files: [String: String], as name: String, _ members: String) throws {
    let place = "\(folder)/\(name)-files"
    _ = try Shell.run("mkdir -p '\(place)'")
    for (path, text) in files { _ = try Shell.run("cat > '\(place)/\(path)' <<'END'\n\(text)\nEND\n") }
    _ = try Shell.run("chmod +x '\(place)'/*; tar -C '\(place)' -cf '\(place).tar' .")
    let upload = try admin("/system/artefacts/\(name)", "-X PUT --data-binary @'\(place).tar'")
    try #require(upload.status == 200, "\(upload.body)")
    let body = #"{"service":"\#(name)","image":"\#(name):latest"\#(members)}"#
    let answer = try admin("/system/functions", "-X POST -d '\(body)'")
    try #require(answer.status == 202, "\(answer.body)")
  }
}
