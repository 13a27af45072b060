extension FaasCLICommand {
  /// Every command that is about functions (the table of commands in OpenFaaS' contract).
  static let aboutFunctions: [FaasCLICommand] = listing + deploying + describing + removing

  private static let list = GoRequest.get("/system/functions", [200], .functions(["hello"]))

  private static let listing = [
    FaasCLICommand("login", .get("/system/functions", [200], .functions([])).with { $0.agent = .go }),
    FaasCLICommand(
      "login with a wrong password", .get("/system/functions", [401]).with { $0.identity = .wrongPassword }),
    FaasCLICommand("list before login", .get("/system/functions", [401]).with { $0.identity = .emptyBearer }),
    FaasCLICommand("list", given: [isDeployed], list),
    FaasCLICommand("list -v --json", given: [isDeployed, isCalled], list),
    FaasCLICommand(
      "list -n dev", given: [hasDev, isDeployed],
      .get("/system/functions?namespace=dev", [200], .functions([]))),
    FaasCLICommand("list -n nowhere", .get("/system/functions?namespace=nowhere", [400])),
    FaasCLICommand("diff", given: [isDeployed], list),
  ]

  /// All that a stack file can say. Go escapes what could be HTML.
  private static let full = #"""
    {"service":"hello","image":"hello:latest","namespace":"dev","envProcess":"./handler",\#
    "envVars":{"both":"a\u0026b\u003cc\u003e"},"secrets":["key"],"labels":{"com.openfaas.scale.max":"3"},\#
    "annotations":{"topic":"mail"},"limits":{"memory":"256Mi","cpu":"500m"},\#
    "requests":{"memory":"64Mi","cpu":"100m"},"readOnlyRootFilesystem":true}
    """#

  private static let deploying = [
    FaasCLICommand(
      "deploy, for the first time", .functions("PUT", hello, [404]), .functions("POST", hello, [200, 202])),
    FaasCLICommand("deploy, again", given: [isDeployed], .functions("PUT", hello, [200, 202])),
    FaasCLICommand("deploy --update=false", .functions("POST", hello, [200, 202])),
    FaasCLICommand(
      "deploy --replace --update=false", given: [isDeployed],
      .functions("DELETE", #"{"functionName":"hello"}"#, [200, 201, 202]), .functions("POST", hello, [200, 202])),
    FaasCLICommand(
      "deploy --replace --update=false, for the first time",
      .functions("DELETE", #"{"functionName":"hello"}"#, [404]), .functions("POST", hello, [200, 202])),
    FaasCLICommand(
      "deploy -n dev", given: [hasDev], .functions("PUT", helloInDev, [404]),
      .functions("POST", helloInDev, [200, 202]),
      .get("/system/functions?namespace=dev", [200], .functions(["hello"])),
      .get("/system/functions", [200], .functions([]))),
    FaasCLICommand(
      "deploy -n nowhere", .functions("PUT", helloInDev, [404]), .functions("POST", helloInDev, [400])),
    FaasCLICommand(
      "deploy -f stack.yml",
      given: [hasDev, .secrets("POST", #"{"name":"key","namespace":"dev","value":"geheim"}"#, [202])],
      .functions("PUT", full, [404]), .functions("POST", full, [200, 202]),
      .get("/system/function/hello?namespace=dev&usage=1", [200], .function("hello"))),
    FaasCLICommand(
      "deploy from the SDK, which sets no content type",
      .functions("POST", hello, [200, 202]).with { $0.fields = [:] }),
  ]

  private static let describing = [
    FaasCLICommand(
      "describe hello", given: [isDeployed], .get("/system/function/hello?usage=1", [200], .function("hello")), list),
    FaasCLICommand(
      "describe hello -n dev", given: [hasDev, isDeployedInDev],
      .get("/system/function/hello?namespace=dev&usage=1", [200], .function("hello")),
      .get("/system/functions?namespace=dev", [200], .functions(["hello"]))),
    FaasCLICommand("describe nothing", .get("/system/function/nothing?usage=1", [404])),
    FaasCLICommand(
      "describe hello, which is in dev only", given: [hasDev, isDeployedInDev],
      .get("/system/function/hello?usage=1", [404])),
    FaasCLICommand("ready", .get("/healthz", [200], .empty).with { $0.identity = .none }.with { $0.agent = .go }),
    FaasCLICommand(
      "ready hello", given: [isDeployed, isCalled],
      .get("/system/function/hello?usage=1", [200], .readyFunction("hello"))),
    FaasCLICommand("version", .get("/system/info", [200], .info)),
  ]

  private static let removing = [
    FaasCLICommand(
      "remove hello", given: [isDeployed], .functions("DELETE", #"{"functionName":"hello"}"#, [200, 201, 202]),
      .get("/system/functions", [200], .functions([]))),
    FaasCLICommand("remove nothing", .functions("DELETE", #"{"functionName":"nothing"}"#, [404])),
    FaasCLICommand(
      "remove hello -n dev", given: [hasDev, isDeployedInDev, isDeployed],
      .functions("DELETE", #"{"functionName":"hello","namespace":"dev"}"#, [200, 201, 202]), list),
    FaasCLICommand(
      "remove hello -n dev, of an older faas-cli", given: [hasDev, isDeployedInDev, isDeployed],
      .send("DELETE", "/system/functions?namespace=dev", #"{"functionName":"hello"}"#, [200, 201, 202]), list),
  ]
}
