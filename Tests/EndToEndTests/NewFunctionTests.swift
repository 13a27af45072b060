import ApusIO
import ApusJSON
import Glibc
import Instruments
import Testing

@Suite(.serialized) struct `A new function` {
  @Test func `gets a folder with all that it needs, and a stack`() throws {
    let workshop = try Workshop()
    _ = try Shell.run("rm '\(workshop.folder)/stack.yml'")
    let made = try workshop.apus("new salute --output json")
    #expect(made.status == 0, "\(made.output)")
    let json = try JSON.parse(Array(made.output.utf8))
    #expect(json["folder"]?.stringValue == "\(workshop.folder)/salute")
    let files = try Shell.run("cd '\(workshop.folder)/salute' && find . -type f | sort").output
    #expect(files == "./.gitignore\n./Package.swift\n./README.md\n./Sources/main.swift\n./stack.yml\n")
    #expect(try workshop.text("salute/stack.yml").contains("handler: .\n"))
    let again = try workshop.apus("new salute")
    #expect(again.status == 1)
    #expect(again.output.contains("choose another name"))
  }

  @Test func `is added to a stack that people wrote, which stays as it was otherwise`() throws {
    let workshop = try Workshop()
    let old =
      "# ours\nfunctions:\n    greet:\n        image: greet # the first\n\n# the end\nprovider:\n  name: openfaas\n"
    try workshop.write("stack.yml", old)
    #expect(try workshop.apus("new salute").status == 0)
    let entry = "    salute:\n      lang: swift\n      handler: ./salute\n      image: salute:latest\n"
    let parts = old.split(separator: "\n\n", maxSplits: 1)
    #expect(try workshop.text("stack.yml") == "\(parts[0])\n\(entry)\n\(parts[1])\n")
    #expect(access("\(workshop.folder)/salute/stack.yml", F_OK) != 0)
    #expect(try workshop.apus("new salute -f other.yml").status == 1)
    #expect(try workshop.apus("new wave -f other.yml").status == 0)
    #expect(try workshop.text("other.yml").contains("handler: ./wave\n"))
  }

  @Test(arguments: [
    ("provider: {name: openfaas}\nfunctions: {greet: {image: x}}\n", "can't add to"),
    ("provider:\n  name: openfaas\nfunctions:\n  salute:\n    image: x\n", "has a function salute already"),
    ("provider:\n  name: openfaas\nfunctions:\n  Salute:\n    image: x\n", "error:"),
  ]) func `is not added to a stack that is not fit for it`(stack: String, reason: String) throws {
    let workshop = try Workshop()
    try workshop.write("stack.yml", stack)
    let before = try workshop.text("stack.yml")
    let made = try workshop.apus("new salute")
    #expect(made.status == 1)
    #expect(made.output.contains(reason), "\(made.output)")
    #expect(try workshop.text("stack.yml") == before)
    #expect(access("\(workshop.folder)/salute", F_OK) != 0)
  }

  @Test func `has a name that can be one`() throws {
    let workshop = try Workshop()
    #expect(try workshop.apus("new Not_A_Name").status == 2)
    // A target of the checkout that this apus was built in.
    let taken = try workshop.apus("new hello")
    #expect(taken.status == 1)
    #expect(taken.output.contains("has a target hello"), "\(taken.output)")
    #expect(try workshop.apus("new salute --sdk /nowhere").output.contains("make install"))
  }

  @Test func `has a manifest that resolves and a source that compiles`() throws {
    let workshop = try Workshop()
    let sdk = try JSON.parse(Array(try workshop.apus("new salute -o json").output.utf8))["sdk"]?.stringValue ?? ""
    let described = try Shell.run("swift package --package-path '\(workshop.folder)/salute' describe 2>&1")
    #expect(described.output.contains("Name: salute"), "\(described.output)")
    // Against the modules of this build: to build the SDK for it takes minutes, which is the next test's.
    let build = try BuiltProgram.folder()
    guard access("\(build)/Modules/Apus.swiftmodule", R_OK) == 0 else {
      return print("not tested: no modules in \(build)")
    }
    let c =
      "-Xcc -fmodule-map-file='\(build)/CLinux.build/module.modulemap' -I '\(sdk)/Sources/CModules/CLinux/include'"
    let check = "swiftc -typecheck -swift-version 6 -I '\(build)/Modules' \(c)"
    let checked = try Shell.run("\(check) '\(workshop.folder)/salute/Sources/main.swift' 2>&1")
    #expect(checked == ("", 0), "\(checked.output)")
  }

  // Minutes, because the toolchain compiles the SDK for it: `make soak` runs it.
  @Test(.enabled(if: getenv("APUS_SOAK") != nil, "set APUS_SOAK=1: it takes minutes"))
  func `is built and called, in the long run`() throws {
    let workshop = try Workshop()
    _ = try Shell.run("rm '\(workshop.folder)/stack.yml'")
    #expect(try workshop.apus("new salute").status == 0)
    // Offline: a network namespace has no way out, where that is allowed.
    let offline = try Shell.run("unshare -n true 2>/dev/null").status == 0 ? "unshare -n" : ""
    let build = "swift build -c release --static-swift-stdlib -Xswiftc -use-ld=lld --package-path"
    let built = try Shell.run("\(offline) \(build) '\(workshop.folder)/salute' 2>&1")
    try #require(built.status == 0, "\(built.output)")
    let gateway = try RunningGateway()
    let apus = try "env -u OPENFAAS_URL '\(BuiltProgram.path("apus"))'"
    let file = "\(workshop.folder)/salute/stack.yml"
    let deployed = try Shell.run("\(apus) deploy -f '\(file)' --data '\(gateway.folder)' 2>&1")
    #expect(deployed.output.contains("/function/salute"), "\(deployed.output)")
    #expect(try gateway.curl("/function/salute", "-d you").body == "Hello, you!")
  }
}
