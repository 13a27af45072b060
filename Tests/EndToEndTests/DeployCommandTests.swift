import ApusJSON
import Glibc
import Testing

@Suite(.serialized) struct `apus deploy` {
  private func write(_ stack: String, in gateway: RunningGateway) throws {
    _ = try Shell.run("cat > '\(gateway.folder)/stack.yml' <<'END'\nprovider: {name: openfaas}\n\(stack)\nEND\n")
  }

  /// A folder with a program in it that is ready to run.
  private func makeReady(_ path: String, in gateway: RunningGateway) throws {
    let place = "\(gateway.folder)/\(path)"
    _ = try Shell.run("mkdir -p \"$(dirname '\(place)')\" && cp '\(Program.path("hello"))' '\(place)'")
  }

  @Test func `goes on past a function that can't be deployed, and tells which are and which are not`() throws {
    let gateway = try RunningGateway()
    try makeReady("ready/handler", in: gateway)
    try write(
      """
      functions:
        first: {image: nowhere}
        second: {lang: program, handler: ./ready, image: second}
        third: {lang: program, handler: ./ready, image: third, secrets: [no-such]}
      """, in: gateway)
    let answer = try gateway.apus("deploy")
    #expect(answer.status == 1)
    let rows = answer.output.split(separator: "\n").filter { $0.contains("/function/") }
    #expect(rows.count == 3, "\(answer.output)")
    for (name, state) in [("first", "not deployed"), ("third", "not deployed")] {
      #expect(rows.contains { $0.hasPrefix(name) && $0.hasSuffix(state) }, "\(answer.output)")
    }
    #expect(answer.output.contains("apus: 2 of 3 functions are not deployed: first, third"), "\(answer.output)")
    #expect(answer.output.contains("no secret no-such"), "\(answer.output)")
    #expect(try gateway.apus("invoke second -d you") == ("Hello, you!", 0))
    let json = try JSON.parse(Array(try gateway.apus("deploy -o json", errors: "2>/dev/null").output.utf8))
    #expect(json.arrayValue?.map { $0["reason"]?.stringValue == nil } == [false, true, false], "\(json)")
    #expect(json[0]?["state"]?.stringValue == "not deployed")

    // One that was there before serves on.
    try write(
      "functions:\n  second: {lang: program, handler: ./ready, image: second, secrets: [no-such]}", in: gateway)
    let kept = try gateway.apus("deploy")
    #expect(kept.status == 1)
    #expect(kept.output.contains("not updated"), "\(kept.output)")
    #expect(try gateway.apus("invoke second -d you") == ("Hello, you!", 0))
  }

  @Test func `says once that no gateway is there`() throws {
    let folder = try Shell.temporaryFolder()
    defer { _ = try? Shell.run("rm -rf '\(folder)'") }
    let stack = "provider: {name: openfaas}\nfunctions:\n  a: {image: a}\n  b: {image: b}\n"
    _ = try Shell.run("printf '\(stack)' > '\(folder)/stack.yml'")
    let answer = try Shell.run(
      "env OPENFAAS_URL=http://127.0.0.1:1 '\(try Program.path("apus"))' deploy -f '\(folder)/stack.yml' 2>&1")
    #expect(answer.status == 1)
    #expect(answer.output.split(separator: "\n").count == 1, "\(answer.output)")
    #expect(answer.output.contains("no gateway listens"))
  }

  @Test func `deploys a folder and a single program that are ready, as they are`() throws {
    let gateway = try RunningGateway()
    try makeReady("folder/handler", in: gateway)
    try makeReady("single", in: gateway)
    try write(
      """
      functions:
        folder: {lang: program, handler: ./folder, image: folder}
        single: {lang: program, handler: single, image: single}
      """, in: gateway)
    let answer = try gateway.apus("deploy")
    #expect(answer.status == 0, "\(answer.output)")
    for name in ["folder", "single"] { #expect(try gateway.apus("invoke \(name) -d you") == ("Hello, you!", 0)) }
  }

  @Test func `says what a folder lacks that is to be deployed as it is`() throws {
    let gateway = try RunningGateway()
    _ = try Shell.run("mkdir -p '\(gateway.folder)/empty' && echo text > '\(gateway.folder)/empty/handler'")
    try write(
      """
      functions:
        gone: {lang: program, handler: ./nowhere, image: gone}
        plain: {lang: program, handler: ./empty, image: plain}
      """, in: gateway)
    let answer = try gateway.apus("deploy")
    #expect(answer.status == 1)
    #expect(answer.output.contains("there is no ./nowhere"), "\(answer.output)")
    #expect(answer.output.contains("chmod +x"), "\(answer.output)")
  }

  @Test(arguments: [("python3-http", "apus does not build"), ("dockerfile", "apus builds no images")])
  func `of a stack made for other tools says what is missing, and takes what is stored`(
    language: String, words: String
  ) throws {
    let gateway = try RunningGateway()
    let function = "functions:\n  other: {lang: \(language), handler: ./other, image: other:1}"
    try write(function, in: gateway)
    let missing = try gateway.apus("deploy")
    #expect(missing.status == 1)
    #expect(missing.output.contains(words), "\(missing.output)")
    #expect(missing.output.contains("lang: program"), "\(missing.output)")
    #expect(!missing.output.contains("apus deploy"), "it is what just ran: \(missing.output)")
    try makeReady("ready/handler", in: gateway)
    try write("functions:\n  other: {lang: program, handler: ./ready, image: other:1}", in: gateway)
    #expect(try gateway.apus("deploy").status == 0)
    try write(function, in: gateway)
    #expect(try gateway.apus("deploy").status == 0, "the image is there")
  }

  @Test func `refuses a language that is a slip, before anything is sent`() throws {
    let gateway = try RunningGateway()
    try write("functions:\n  a: {lang: swfit, handler: ./a, image: a}", in: gateway)
    let answer = try gateway.apus("deploy")
    #expect(answer.status == 1)
    #expect(answer.output.contains("stack.yml:3:13: error:"), "\(answer.output)")
    #expect(answer.output.contains("did you mean swift?"), "\(answer.output)")
  }
}
