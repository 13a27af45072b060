import Testing

/// One command of faas-cli: what it asks for, in order, and what it must be answered.
struct FaasCLICommand: Sendable, CustomTestStringConvertible {
  /// As somebody types it, without `faas-cli`.
  var line: String
  /// What was asked for before.
  var given: [GoRequest] = []
  /// What the artefact `hello` is made of.
  var program = "hello"
  var requests: [GoRequest]

  init(_ line: String, given: [GoRequest] = [], program: String = "hello", _ requests: GoRequest...) {
    self.line = line
    self.given = given
    self.program = program
    self.requests = requests
  }

  var testDescription: String { line }

  /// Whether anything is deployed, which needs an artefact.
  var deploys: Bool {
    (given + requests).contains { $0.path == "/system/functions" && ["POST", "PUT"].contains($0.method) }
  }

  // MARK: - Bodies, as Go writes them

  static let hello = #"{"service":"hello","image":"hello:latest","labels":{},"annotations":{}}"#
  static let helloInDev =
    #"{"service":"hello","image":"hello:latest","namespace":"dev","labels":{},"annotations":{}}"#
  static let key = #"{"name":"key","value":"geheim"}"#
  static let dev = #"{"name":"dev","annotations":{"openfaas":"1"},"labels":{"openfaas":"1"}}"#

  static let isDeployed = GoRequest.functions("POST", hello, [202])
  static let hasDev = GoRequest.namespaces("POST", "/system/namespace/", dev, [202])
  static let isDeployedInDev = GoRequest.functions("POST", helloInDev, [202])
  static let hasKey = GoRequest.secrets("POST", key, [202])
  static let isCalled = GoRequest.call("/function/hello.openfaas-fn", "", .any)
}
