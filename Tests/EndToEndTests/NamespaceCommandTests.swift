import ApusJSON
import Glibc
import Testing

@Suite(.serialized) struct `apus namespace` {
  @Test func `makes, lists, shows and removes namespaces`() throws {
    let gateway = try RunningGateway()
    #expect(try gateway.apus("namespace list") == ("openfaas-fn\n", 0))
    let words = "namespace create dev --label team=a --label x=b=c --annotation note=here"
    #expect(try gateway.apus(words) == ("created dev\n", 0))
    #expect(try gateway.apus("namespace create dev").status == 1)
    #expect(try gateway.apus("namespace list -o json").output.contains(#""dev""#))
    let shown = try gateway.apus("namespace show dev").output
    for line in ["dev", "label team: a", "label x: b=c", "annotation note: here"] {
      #expect(shown.split(separator: "\n").contains { $0.hasSuffix(line) }, "\(shown)")
    }
    let json = try JSON.parse(Array(try gateway.apus("namespace show dev -o json").output.utf8))
    #expect(json["labels"]?["x"]?.stringValue == "b=c")
    let removed = try gateway.apus("namespace remove dev -o json")
    #expect(try JSON.parse(Array(removed.output.utf8))["removed"]?.stringValue == "dev")
    #expect(try gateway.apus("namespace show dev").status == 1)
    #expect(try gateway.apus("namespace remove dev").status == 1)
  }

  @Test(arguments: ["create Dev", "create ../x", "show a/b", "create dev --label nothing", "remove", "create"])
  func `is not about what is no namespace`(words: String) throws {
    let answer = try Shell.run(
      "env OPENFAAS_URL=http://127.0.0.1:1 '\(try Program.path("apus"))' namespace \(words) 2>&1")
    #expect(answer.status == 2, "\(answer.output)")
  }

  @Test func `is what a deployment into a namespace that is not there names`() throws {
    let gateway = try RunningGateway()
    let stack =
      "provider: {name: openfaas}\nfunctions:\n  hello:\n    lang: program\n    handler: hello\n"
      + "    image: hello\n    namespace: dev\n"
    _ = try Shell.run(
      "cp '\(Program.path("hello"))' '\(gateway.folder)/hello'"
        + " && cat > '\(gateway.folder)/stack.yml' <<'END'\n\(stack)\nEND\n"
    )
    let missing = try gateway.apus("deploy")
    #expect(missing.status == 1)
    #expect(missing.output.contains("apus namespace create dev"), "\(missing.output)")
    #expect(try gateway.apus("list -n dev").output.contains("apus namespace create dev"))
    #expect(try gateway.apus("namespace create dev").status == 0)
    #expect(try gateway.apus("deploy").status == 0)
    #expect(try gateway.apus("invoke hello.dev -d you") == ("Hello, you!", 0))
    #expect(try gateway.apus("namespace remove dev").status == 1, "a function is in it")
  }
}
