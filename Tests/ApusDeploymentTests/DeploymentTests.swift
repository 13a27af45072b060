import ApusDeployment
import ApusJSON
import ApusModel
import Testing

@Suite struct `A deployment` {
  static func read(_ text: String) throws -> Deployment {
    try Deployment(json: JSON.parse(Array(text.utf8)))
  }

  @Test func `keeps every member of the contract`() throws {
    let text =
      #"{"service":"hello","image":"hello:1","namespace":"team","envProcess":"./run","envVars":{"a":"1","b":"2"},"#
      + #""constraints":["x == y"],"secrets":["key"],"labels":{"l":"1"},"annotations":{"topic":"t"},"#
      + #""limits":{"memory":"128Mi","cpu":"1"},"requests":{"memory":"64Mi","nvidia.com/gpu":"1"},"#
      + #""readOnlyRootFilesystem":true}"#
    let deployment = try Self.read(text)
    #expect(deployment.name.qualified == "hello.team")
    #expect(String(decoding: try deployment.json.serialise(), as: UTF8.self) == text)
    #expect(deployment.members(nameKey: "name").first?.key == "name")
  }

  /// A Go client of faas-provider's types, with every map and list left nil and no `omitempty`.
  @Test func `takes null for absent, and ignores what it does not know`() throws {
    let deployment = try Self.read(
      #"{"service":"hello","image":"hello:1","namespace":"","envProcess":"","envVars":null,"constraints":null,"#
        + #""secrets":null,"labels":null,"annotations":{},"limits":null,"requests":{"memory":"","cpu":null},"#
        + #""readOnlyRootFilesystem":null,"network":"func_functions","registryAuth":""}"#)
    #expect(deployment == Deployment(name: try FunctionName("hello"), image: "hello:1"))
  }

  @Test func `is refused with everything that is wrong`() throws {
    let error = #expect(throws: DeploymentError.self) {
      try Self.read(
        #"{"service":"Hello","envVars":{"a":1,"b=":"x"},"secrets":["ok",2],"labels":[],"#
          + #""limits":{"memory":64},"readOnlyRootFilesystem":"yes"}"#)
    }
    #expect(
      error?.description.split(separator: "\n").map(String.init) == [
        "envVars.a: a number stands where text is expected; put it in quotes",
        "secrets[1]: a number stands where text is expected; put it in quotes",
        "labels: a list stands where an object is expected; send an object, or leave it out",
        "limits.memory: a number stands where text is expected; put it in quotes",
        "readOnlyRootFilesystem: text stands where true or false is expected; send true or false, or leave it out",
        "service: the function name \"Hello\" cannot have \"H\" at position 1; use lower-case letters, digits and "
          + "\"-\", and begin and end with a letter or digit",
        "image: there is no image; name the artefact that the function is made of",
      ])
  }

  @Test func `is refused for what its texts mean`() throws {
    let error = #expect(throws: DeploymentError.self) {
      try Self.read(
        #"{"service":"hello","image":"/bin/sh","envVars":{"b=":"x"},"labels":{"com.openfaas.scale.max":"0"},"#
          + #""annotations":{"com.apus.acces":"token"}}"#)
    }
    #expect(
      error?.problems.map(\.path.description) == [
        "image", #"envVars["b="]"#, #"annotations["com.apus.acces"]"#, #"labels["com.openfaas.scale.max"]"#,
      ])
  }

  @Test(arguments: ["[]", "\"x\"", "7", "{}", "null"])
  func `is refused when it is something else`(text: String) {
    #expect(throws: DeploymentError.self) { try Self.read(text) }
  }

  @Test func `has a bounded number of entries`() throws {
    let entries = (0...Deployment.entryLimit).map { "\"k\($0)\":\"v\"" }.joined(separator: ",")
    let error = #expect(throws: DeploymentError.self) {
      try Self.read("{\"service\":\"a\",\"image\":\"a\",\"labels\":{\(entries)}}")
    }
    #expect(error?.description == "labels: there are 1001 entries, 1000 are allowed; use a file or a secret")
  }

  /// The defaults that the protocols between the parts name.
  @Test func `without labels has every default`() throws {
    let policy = try DeploymentPolicy(try Self.read(#"{"service":"a","image":"a"}"#))
    #expect(policy.scale.min == 0 && policy.scale.max == 20 && policy.scale.scalesToZero)
    #expect(policy.scale.zeroDuration == .seconds(30) && policy.scale.downWindow == .seconds(60))
    #expect(policy.scale.type == .capacity && policy.scale.target == 50 && policy.scale.targetProportion == 0.9)
    #expect(policy.scale.maxInflight == nil)
    #expect(policy.call.timeout == .seconds(60) && policy.call.streamTimeout == .seconds(300))
    #expect(policy.call.access == .anyone)
    #expect(policy.replica.start == nil && policy.replica.startTimeout == .seconds(10))
    #expect(policy.replica.network == .isolated && policy.replica.volumes.isEmpty)
    #expect(policy.replica.generatedSecret == nil && !policy.replica.hasReadOnlyRoot)
    #expect(policy.replica.limits == ReplicaResources() && policy.replica.requests == ReplicaResources())
  }
}
