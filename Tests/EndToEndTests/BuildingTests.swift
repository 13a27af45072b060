import ApusIO
import ApusJSON
import ApusLauncher
import Glibc
import Testing

@Suite(.serialized) struct `A stack with a function in Swift` {
  @Test func `is built when it comes up, and again only when its sources are newer`() throws {
    let workshop = try Workshop()
    for expected in [1, 1] {
      let up = try workshop.start("up")
      try #require(!up.line(with: "stop: ").isEmpty)
      #expect(try workshop.apus("invoke greet -d you") == ("Hello, you!", 0))
      #expect(try up.end(SIGINT).isSuccess)
      #expect(try workshop.builds == expected)
    }
    try workshop.write("greet/Sources/main.swift", "witness")
    let up = try workshop.start("up")
    try #require(!up.line(with: "stop: ").isEmpty)
    #expect(try workshop.apus("invoke greet -d you") == ("no such verb", 0))
    #expect(try up.end(SIGINT).isSuccess)
    #expect(try workshop.builds == 2)
  }

  @Test func `is not built with --no-build, and says what that means`() throws {
    let workshop = try Workshop()
    let missing = try workshop.start("up", ["--no-build"])
    #expect(missing.line(with: "greet is not built").contains("Leave out --no-build"))
    #expect(try missing.end(0).cause == .status(1))
    let first = try workshop.start("up")
    try #require(!first.line(with: "stop: ").isEmpty)
    #expect(try first.end(SIGINT).isSuccess)
    try workshop.write("greet/Sources/main.swift", "witness")
    let older = try workshop.start("up", ["--no-build"])
    #expect(!older.line(with: "sources are newer").isEmpty)
    try #require(!older.line(with: "stop: ").isEmpty)
    #expect(try workshop.apus("invoke greet -d you") == ("Hello, you!", 0))
    #expect(try older.end(SIGINT).isSuccess)
    #expect(try workshop.builds == 1)
  }

  @Test func `shows why it can't be built, and starts nothing`() throws {
    let workshop = try Workshop()
    try workshop.write("greet/Sources/main.swift", "broken")
    let up = try workshop.start("up")
    #expect(!up.line(with: "main.swift:1:1: error: expected expression").isEmpty)
    #expect(!up.line(with: "greet can't be built (exit status 1)").isEmpty)
    #expect(try up.end(0).cause == .status(1))
    #expect(access("\(workshop.folder)/data", F_OK) != 0)
  }

  @Test func `is built by deploy, and takes the place of what runs, though its deployment is the same`() throws {
    let workshop = try Workshop()
    let up = try workshop.start("up")
    try #require(!up.line(with: "stop: ").isEmpty)
    #expect(try workshop.apus("invoke greet -d you") == ("Hello, you!", 0))
    try workshop.write("greet/Sources/main.swift", "witness")
    let deployed = try workshop.apus("deploy --output json", errors: "2>/dev/null")
    #expect(try JSON.parse(Array(deployed.output.utf8))[0]?["name"]?.stringValue == "greet", "\(deployed.output)")
    #expect(!up.line(with: "new version serves").isEmpty)
    #expect(try workshop.apus("invoke greet -d you") == ("no such verb", 0))
    // The same content again: nothing is started anew.
    let replicas = try workshop.apus("explain greet").output
    #expect(try workshop.apus("deploy").status == 0)
    #expect(
      try workshop.apus("explain greet").output.split(separator: "\n").count == replicas.split(separator: "\n").count)
    #expect(try up.end(SIGINT).isSuccess)
  }

  @Test func `is swapped when it is built while it is developed, and says how long that took`() throws {
    let workshop = try Workshop()
    let dev = try workshop.start("dev", ["--output", "json"])
    try #require(!dev.line(with: #""event":"deployed""#).isEmpty)
    #expect(try workshop.apus("invoke greet -d you") == ("Hello, you!", 0))
    try workshop.write("greet/Sources/main.swift", "witness")
    let swapped = try JSON.parse(Array(dev.line(with: #""event":"swapped""#).utf8))
    #expect(swapped["function"]?.stringValue == "greet")
    #expect(try #require(swapped["swap_seconds"]?.doubleValue) > 0)
    #expect(dev.line(with: "new version serves").contains("greet"))
    #expect(try workshop.apus("invoke greet -d you") == ("no such verb", 0))

    // What can't be built changes nothing.
    try workshop.write("greet/Sources/main.swift", "broken")
    #expect(!dev.line(with: "main.swift:1:1: error: expected expression").isEmpty)
    #expect(dev.line(with: #""event":"failed""#).contains("can't be built"))
    #expect(try workshop.apus("invoke greet -d you") == ("no such verb", 0))

    // Folders that come later are watched as well.
    try workshop.write("greet/Sources/main.swift", "hello")
    #expect(!dev.line(with: #""event":"swapped""#).isEmpty)
    try workshop.write("greet/Sources/Deep/More/a.swift", "1")
    #expect(!dev.line(with: #""event":"swapped""#).isEmpty)
    try workshop.write("greet/Sources/Deep/More/a.swift", "22")
    #expect(!dev.line(with: #""event":"swapped""#).isEmpty)
    #expect(try dev.end(SIGINT).isSuccess)
  }

  @Test func `is not developed where there is nothing to watch`() throws {
    let workshop = try Workshop()
    try workshop.write(
      "stack.yml",
      "provider:\n  name: openfaas\nfunctions:\n  hello:\n    lang: swift\n    handler: ./nowhere\n"
        + "    image: hello:latest\n"
    )
    let dev = try workshop.start("dev")
    #expect(!dev.line(with: "there is nothing to watch").isEmpty)
    #expect(try dev.end(0).cause == .status(1))
  }
}
