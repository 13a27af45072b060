extension FaasCLICommand {
  /// The commands about secrets.
  static let aboutSecrets = [
    FaasCLICommand(
      "secret create key", .secrets("POST", key, [200, 201, 202]),
      .get("/system/secrets", [200, 202], .secrets(["key"]))),
    FaasCLICommand(
      "secret create key --from-file", .secrets("POST", #"{"name":"key","rawValue":"AAH/"}"#, [200, 201, 202])),
    FaasCLICommand("secret create key, which is there", given: [hasKey], .secrets("POST", key, [409])),
    FaasCLICommand(
      "secret create key --replace", given: [hasKey], .secrets("POST", key, [409]),
      .secrets("PUT", key, [200, 202])),
    FaasCLICommand("secret update key", given: [hasKey], .secrets("PUT", key, [200, 202])),
    FaasCLICommand("secret update nothing", .secrets("PUT", #"{"name":"nothing","value":"x"}"#, [404])),
    FaasCLICommand("secret list", .get("/system/secrets", [200, 202], .secrets([]))),
    FaasCLICommand(
      "secret list -n dev", given: [hasDev, hasKey],
      .get("/system/secrets?namespace=dev", [200, 202], .secrets([]))),
    FaasCLICommand("secret list -n nowhere", .get("/system/secrets?namespace=nowhere", [400])),
    FaasCLICommand(
      "secret create key -n dev", given: [hasDev],
      .secrets("POST", #"{"name":"key","namespace":"dev","value":"geheim"}"#, [200, 201, 202]),
      .get("/system/secrets?namespace=dev", [200, 202], .secrets(["key"])),
      .get("/system/secrets", [200, 202], .secrets([]))),
    FaasCLICommand(
      "secret remove key", given: [hasKey], .secrets("DELETE", #"{"name":"key"}"#, [200, 202]),
      .get("/system/secrets", [200, 202], .secrets([]))),
    FaasCLICommand("secret remove nothing", .secrets("DELETE", #"{"name":"nothing"}"#, [404])),
    FaasCLICommand(
      "secret apply, with one that is there and one that is not", given: [hasKey],
      .get("/system/secrets", [200, 202], .secrets(["key"])), .secrets("DELETE", #"{"name":"key"}"#, [200, 202]),
      .secrets("POST", key, [200, 201, 202]),
      .secrets("POST", #"{"name":"second","value":"2"}"#, [200, 201, 202]),
      .get("/system/secrets", [200, 202], .secrets(["key", "second"]))),
    FaasCLICommand(
      "secret apply, while somebody else creates", given: [hasKey], .secrets("POST", key, [409]),
      .secrets("PUT", key, [200, 202])),
  ]

  /// The commands about namespaces.
  static let aboutNamespaces = [
    FaasCLICommand("namespace list", .namespacesList(["openfaas-fn"])),
    FaasCLICommand(
      "namespace create dev", .namespaces("POST", "/system/namespace/", dev, [200, 201, 202]),
      .namespacesList(["dev", "openfaas-fn"])),
    FaasCLICommand(
      "namespace create dev, which is there", given: [hasDev],
      .namespaces("POST", "/system/namespace/", dev, [409])),
    FaasCLICommand(
      "namespace get dev", given: [hasDev],
      .namespaces("GET", "/system/namespace/dev", nil, [200]).with { $0.shape = .namespace("dev") }),
    FaasCLICommand("namespace get nothing", .namespaces("GET", "/system/namespace/nothing", nil, [404])),
    FaasCLICommand(
      "namespace update dev", given: [hasDev],
      .namespaces("PUT", "/system/namespace/dev", dev, [200, 201, 202])),
    FaasCLICommand("namespace update nothing", .namespaces("PUT", "/system/namespace/dev", dev, [404])),
    FaasCLICommand(
      "namespace remove dev", given: [hasDev],
      .namespaces("DELETE", "/system/namespace/dev", dev, [200, 201, 202]), .namespacesList(["openfaas-fn"])),
    FaasCLICommand(
      "namespace remove dev, of a client that sends no body", given: [hasDev],
      .namespaces("DELETE", "/system/namespace/dev", nil, [200, 201, 202]), .namespacesList(["openfaas-fn"])),
    FaasCLICommand("namespace remove nothing", .namespaces("DELETE", "/system/namespace/dev", dev, [404])),
  ]
}

extension GoRequest {
  fileprivate static func namespacesList(_ names: [String]) -> GoRequest {
    GoRequest(
      method: "GET", path: "/system/namespaces", agent: .sdk, accepted: [200], shape: .namespaces(names))
  }
}
