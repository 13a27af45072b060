import ApusJSON
import Glibc
import Testing

/// Every row of the contract's table of routes, its statuses, and the defects of OpenFaaS that are not to be copied.
@Suite(.serialized) struct `The contract of OpenFaaS` {
  @Test func `has each route under its methods, with its credentials`() throws {
    let gateway = try RunningGateway()
    let basic = try gateway.basic()
    func ask(_ method: String, _ path: String, _ identity: GoRequest.Identity) throws -> WireAnswer {
      let body = ["GET", "HEAD", "OPTIONS", "TRACE"].contains(method) ? nil : "{}"
      let request = GoRequest(method: method, path: path, body: body, identity: identity, accepted: [])
      let connection = try gateway.connect()
      try connection.send(request.onWire(host: gateway.host, basic: basic))
      return try connection.answer(toHead: method == "HEAD")
    }
    for route in ContractRoute.all {
      for method in route.methods {
        let strange = try ask(method, route.path, .none)
        let known = try ask(method, route.path, .admin)
        let what: Comment = "\(method) \(route.path): \(strange.status), \(known.status) \(known.text)"
        #expect((strange.status == 401) == (route.access == .credentials), what)
        #expect(![401, 403, 405, 500].contains(known.status), what)
        guard route.access == .credentials else { continue }
        #expect(strange["www-authenticate"] == #"Basic realm="Restricted""#, what)
        #expect(strange.text == "invalid credentials\n", what)
        for identity in [GoRequest.Identity.wrongPassword, .emptyBearer] where method == "GET" {
          // Failed attempts are throttled after a while, which is an answer to strangers too.
          #expect([401, 429].contains(try ask(method, route.path, identity).status), what)
        }
      }
      for method in route.wrongMethods {
        let answer = try ask(method, route.path, .none)
        let what: Comment = "\(method) \(route.path): \(answer.status) \(answer.text)"
        #expect(answer.status == (route.access == .absent ? 404 : 405), what)
        #expect(answer["content-type"] == "text/plain; charset=utf-8", what)
        if method == "HEAD" { continue }
        if route.access == .absent {
          #expect(answer.text == "404 page not found\n", what)
        } else {
          #expect(answer["allow"] == route.methods.joined(separator: ", "), what)
        }
      }
    }
  }

  @Test func `passes calls of every method, whoever makes them`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "hello")
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
      for path in ["/function/hello", "/function/hello/", "/function/hello/a//b/../%2F?q=1"] {
        #expect(try gateway.curl(path, "--path-as-is -X \(method)").body == "answered", "\(method) \(path)")
      }
    }
    #expect(try gateway.curl("/function/hello", "-I").status == 200)
  }

  // MARK: - Statuses

  /// What is asked for wrongly, and the answer; in a gateway with hello, the secret key and the namespace dev.
  private static let mistakes: [(String, String, String?, Int, says: String)] = [
    ("POST", "/system/functions", "", 400, "empty"),
    ("POST", "/system/functions", #"{"service": hello}"#, 400, "line 1, column 13"),
    ("POST", "/system/functions", #"["hello"]"#, 400, "not a JSON object"),
    ("POST", "/system/functions", #"{"image":"hello"}"#, 400, "service"),
    ("POST", "/system/functions", #"{"service":"hello"}"#, 400, "image"),
    ("POST", "/system/functions", #"{"service":"Hello","image":"hello"}"#, 400, "service"),
    ("POST", "/system/functions", #"{"service":"a.b","image":"hello"}"#, 400, "service"),
    ("POST", "/system/functions", #"{"service":"x","image":"hello","labels":{"n":1}}"#, 400, "labels.n"),
    ("POST", "/system/functions", #"{"service":"x","image":"hello","secrets":["none"]}"#, 400, "none"),
    ("POST", "/system/functions", #"{"service":"x","image":"none"}"#, 400, "none"),
    (
      "POST", "/system/functions", #"{"service":"x","image":"hello","namespace":"none"}"#, 400,
      "apus namespace create none"
    ),
    // An update's mistakes are told too, not swallowed as an empty 200.
    ("PUT", "/system/functions", #"{"service":"hello","image":"none"}"#, 400, "none"),
    ("PUT", "/system/functions", #"{"service":"none","image":"hello"}"#, 404, "none"),
    ("DELETE", "/system/functions", "", 400, "empty"),
    ("DELETE", "/system/functions", "{}", 400, "functionName"),
    ("DELETE", "/system/functions", #"{"functionName":7}"#, 400, "functionName"),
    ("DELETE", "/system/functions", #"{"functionName":"hello","namespace":7}"#, 400, "namespace"),
    ("DELETE", "/system/functions", #"{"functionName":"hello","namespace":"dev"}"#, 404, "hello.dev"),
    ("DELETE", "/system/functions?namespace=dev", #"{"functionName":"hello"}"#, 404, "hello.dev"),
    ("GET", "/system/functions?namespace=none", nil, 400, "namespace none"),
    ("GET", "/system/functions?namespace=No%20ne", nil, 400, "namespace"),
    ("GET", "/system/function/none", nil, 404, "none"),
    ("GET", "/system/function/Hello", nil, 400, "Hello"),
    ("GET", "/system/function/hello?namespace=dev", nil, 404, "hello.dev"),
    ("GET", "/system/function/hello.", nil, 400, "namespace"),
    ("POST", "/system/scale-function/none", #"{"replicas":1}"#, 404, "none"),
    ("POST", "/system/scale-function/hello", #"{"replicas":-1}"#, 400, "replicas"),
    ("POST", "/system/scale-function/hello", #"{"replicas":"1"}"#, 400, "replicas"),
    ("POST", "/system/scale-function/hello", "{}", 400, "replicas"),
    ("POST", "/system/scale-function/hello", #"{"serviceName":"other","replicas":1}"#, 400, "other"),
    ("POST", "/system/scale-function/hello", #"{"replicas":1,"namespace":"dev"}"#, 404, "hello.dev"),
    ("POST", "/system/scale-function/hello?namespace=dev", #"{"replicas":1}"#, 404, "hello.dev"),
    ("POST", "/system/secrets", #"{"name":"key","value":"x"}"#, 409, "key"),
    ("POST", "/system/secrets", #"{"name":"new"}"#, 400, "value"),
    ("POST", "/system/secrets", #"{"name":"new","value":7}"#, 400, "value"),
    ("POST", "/system/secrets", #"{"name":"new","rawValue":"*"}"#, 400, "base64"),
    ("POST", "/system/secrets", #"{"name":"../new","value":"x"}"#, 422, "secret name"),
    ("POST", "/system/secrets", #"{"name":"new","namespace":"none","value":"x"}"#, 404, "namespace none"),
    ("PUT", "/system/secrets", #"{"name":"none","value":"x"}"#, 404, "none"),
    ("DELETE", "/system/secrets", #"{"name":"key","namespace":"dev"}"#, 404, "key"),
    ("DELETE", "/system/secrets?namespace=dev", #"{"name":"key"}"#, 404, "key"),
    ("GET", "/system/secrets?namespace=none", nil, 400, "namespace none"),
    ("GET", "/system/logs?name=none", nil, 404, "none"),
    ("GET", "/system/logs?name=", nil, 400, "name"),
    ("GET", "/system/logs?name=hello&tail=many", nil, 422, "could not parse the log request"),
    ("GET", "/system/namespace/none", nil, 404, "none"),
    ("POST", "/system/namespace/", #"{"name":"dev"}"#, 409, "dev"),
    ("POST", "/system/namespace/", "{}", 400, "name"),
    ("POST", "/system/namespace/", #"{"name":"Dev"}"#, 400, "Dev"),
    ("POST", "/system/namespace/one", #"{"name":"two"}"#, 400, "two"),
    ("POST", "/system/namespace/", #"{"name":"new","labels":{"openfaas":1}}"#, 400, "labels"),
    ("PUT", "/system/namespace/none", #"{"name":"none"}"#, 404, "none"),
    ("DELETE", "/system/namespace/none", #"{"name":"none"}"#, 404, "none"),
    ("DELETE", "/system/namespace/openfaas-fn", #"{"name":"openfaas-fn"}"#, 409, "openfaas-fn"),
  ]

  @Test(arguments: [nil, "application/json"] as [String?])
  func `says what was asked for wrongly`(accept: String?) throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello")
    for (path, body) in [("secrets", FaasCLICommand.key), ("namespace/", FaasCLICommand.dev)] {
      #expect(try gateway.admin("/system/\(path)", "-d '\(body)'").status == 202)
    }
    let basic = try gateway.basic()
    let connection = try gateway.connect()
    for (method, path, body, status, says) in Self.mistakes {
      var request = GoRequest(method: method, path: path, body: body, accepted: [status])
      request.fields["Accept"] = accept
      try connection.send(request.onWire(host: gateway.host, basic: basic))
      let answer = try connection.answer()
      let what: Comment = "\(method) \(path) \(body ?? ""): \(answer.status) \(answer.text)"
      #expect(answer.status == status, what)
      #expect(answer.text.firstRange(of: says) != nil, what)
      if accept == nil {
        #expect(answer["content-type"] == "text/plain; charset=utf-8", what)
        #expect(answer.text.last == "\n", what)
      } else {
        #expect(answer["content-type"] == "application/problem+json", what)
        let problem = try answer.json()
        #expect(problem["status"]?.integerValue == Int64(status), what)
        #expect(problem["type"]?.stringValue?.hasPrefix("urn:apus:") == true, what)
        #expect(problem["title"]?.stringValue?.isEmpty == false, what)
      }
    }
    #expect(try gateway.curl("/function/hello", "-d still").body == "Hello, still!", "no mistake had an effect")
  }

  @Test func `takes no more than it can hold`() throws {
    let gateway = try RunningGateway()
    let connection = try gateway.connect()
    // The length alone is answered: nobody has to send what is refused.
    try connection.send(
      "POST /system/secrets HTTP/1.1\r\nHost: a\r\nAuthorization: \(try gateway.basic())\r\n"
        + "Content-Length: 3000000\r\n\r\n")
    #expect(try connection.answer().status == 413)
    let unknown = try gateway.connect()
    try unknown.send(
      "POST /system/secrets HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n")
    #expect(try unknown.answer().status == 401)
  }

  @Test func `scales within what the function may have`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello", #","labels":{"com.openfaas.scale.max":"2"}"#)
    func scale(_ body: String) throws -> Int {
      let answer = try gateway.admin("/system/scale-function/hello.openfaas-fn", "-d '\(body)'")
      said = try JSON.parse(Array(answer.body.utf8))
      return answer.status
    }
    var said = JSON.null
    func replicas() throws -> Int64? {
      try JSON.parse(Array(try gateway.admin("/system/function/hello").body.utf8))["replicas"]?.integerValue
    }
    #expect(try scale(#"{"serviceName":"hello","replicas":9000000000000000000}"#) == 202)
    #expect(try replicas() == 2)
    #expect(said["replicas"]?.integerValue == 2)
    #expect(said["reason"]?.stringValue?.contains("com.openfaas.scale.max allows 2") == true)
    #expect(try scale(#"{"service":"hello.openfaas-fn","replicas":0,"namespace":"openfaas-fn"}"#) == 202)
    for _ in 1...2 { #expect(gateway.line(with: "replica gone") != "") }
    #expect(try replicas() == 0)
    #expect(try gateway.curl("/function/hello", "-d you").body == "Hello, you!")
  }

  // MARK: - Not copied

  @Test func `knows a list without a Prometheus, and information without another process`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello")
    let list = try JSON.parse(Array(try gateway.admin("/system/functions").body.utf8))
    #expect(list[0]?["invocationCount"]?.integerValue == 0)
    #expect(list[0]?["availableReplicas"]?.integerValue != nil)
    #expect(try gateway.curl("/function/hello", "-d a").status == 200)
    let after = try JSON.parse(Array(try gateway.admin("/system/functions").body.utf8))
    #expect(after[0]?["invocationCount"]?.integerValue == 1)
    let info = try JSON.parse(Array(try gateway.admin("/system/info").body.utf8))
    #expect(info["provider"]?.objectValue != nil)
    #expect(info["version"]?.objectValue != nil)
  }
}
