extension FaasCLICommand {
  /// `invoke` and `logs`.
  static let aboutCalls: [FaasCLICommand] = invoking + reading

  private static let path = "/function/hello.openfaas-fn"

  private static let invoking = [
    FaasCLICommand("invoke hello", given: [isDeployed], .call(path, "Swift", .text("Hello, Swift!"))),
    FaasCLICommand(
      "invoke hello -n dev", given: [hasDev, isDeployedInDev],
      .call("/function/hello.dev", "Swift", .text("Hello, Swift!"))),
    FaasCLICommand(
      "invoke hello, from a pipe", given: [isDeployed],
      .call(path, "Swift", .text("Hello, Swift!")).with { $0.isChunked = true }),
    FaasCLICommand("invoke hello </dev/null", given: [isDeployed], .call(path, "", .text("Hello, World!"))),
    FaasCLICommand(
      "invoke hello --method GET", given: [isDeployed],
      .call(path, nil, method: "GET", .text("Hello, World!"))),
    FaasCLICommand(
      "invoke hello --method PUT", given: [isDeployed], .call(path, "Swift", method: "PUT", .text("Hello, Swift!"))),
    FaasCLICommand(
      "invoke hello --query a=b --query c=d", given: [isDeployed],
      .call(path + "?a=b&c=d", "Swift", .text("Hello, Swift!"))),
    FaasCLICommand(
      "invoke hello --content-type application/octet-stream -H 'X-Kind: new'", given: [isDeployed],
      .call(path, "Swift", type: "application/octet-stream", .text("Hello, Swift!")).with {
        $0.fields["X-Kind"] = "new"
      }),
    FaasCLICommand(
      "invoke hello --sign Hmac --key k", given: [isDeployed],
      .call(path, "Swift", .text("Hello, Swift!")).with { $0.fields["Hmac"] = "sha256=7e1b3e0d9c" }),
    FaasCLICommand("invoke nothing", .call("/function/nothing.openfaas-fn", "", .any, accepted: [404])),
    // Calls that wait in a line are another step; until then the route is absent, as without NATS.
    FaasCLICommand(
      "invoke hello --async", given: [isDeployed],
      .call("/async-function/hello.openfaas-fn", "Swift", .text("404 page not found\n"), accepted: [404])),
  ]

  private static let reading = [
    FaasCLICommand(
      "logs hello --follow=false", given: [isDeployed, isCalled], program: "lifecycle-fixture",
      .get("/system/logs?follow=false&name=hello&tail=-1", [200], .logs("hello"))),
    FaasCLICommand(
      "logs hello --follow=false --tail 1 --since 1h", given: [isDeployed, isCalled], program: "lifecycle-fixture",
      .get("/system/logs?follow=false&name=hello&since=2026-01-01T00%3A00%3A00Z&tail=1", [200], .logs("hello"))),
    FaasCLICommand(
      "logs hello -n dev --follow=false",
      given: [hasDev, isDeployedInDev, .call("/function/hello.dev", "", .any)], program: "lifecycle-fixture",
      .get("/system/logs?follow=false&name=hello&namespace=dev&tail=-1", [200], .logs("hello"))),
    FaasCLICommand("logs nothing", .get("/system/logs?follow=true&name=nothing&tail=-1", [404])),
  ]
}
