import Glibc
import Testing

/// What a function is told of a call, by a function that says it back.
@Suite(.serialized) struct `A call through the gateway` {
  @Test func `keeps method, path and query byte for byte`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "echo", #","envVars":{"FIXTURE":"echo"}"#)
    let answer = try gateway.curl("/function/echo/a%2Fb//c/%C3%A9?x=%20&y&z=1?2", "-X PATCH -d me --path-as-is")
    #expect(answer.body.hasPrefix("PATCH /a%2Fb//c/%C3%A9?x=%20&y&z=1?2\n"), "\(answer.body)")
    #expect(try gateway.curl("/function/echo?q").body.hasPrefix("GET /?q\n"))
    #expect(try gateway.curl("/function/echo").body.hasPrefix("GET /\n"))
  }

  @Test func `says who calls, and believes no stranger about it`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "echo", #","envVars":{"FIXTURE":"echo"}"#)
    let forged = [
      "X-Forwarded-For: 9.9.9.9", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil", "Forwarded: for=9.9.9.9",
      "X-Apus-Subject: apus:admin/x", "X-Apus-Scopes: deploy", "X-Start-Time: 1", "X-Timeout: 9h", "X-Call-Id: mine-1",
    ].map { "-H '\($0)'" }.joined(separator: " ")
    let fields = try gateway.curl("/function/echo", forged).body.split(separator: "\n").map { $0.lowercased() }
    #expect(fields.filter { $0.hasPrefix("x-forwarded-for:") } == ["x-forwarded-for: 127.0.0.1"])
    #expect(fields.filter { $0.hasPrefix("x-forwarded-proto:") } == ["x-forwarded-proto: http"])
    #expect(!fields.contains { $0.contains("evil") || $0.contains("9.9.9.9") || $0.contains("x-apus-") })
    #expect(fields.filter { $0.hasPrefix("x-call-id:") } == ["x-call-id: mine-1"])
    #expect(fields.count { $0.hasPrefix("x-start-time:") } == 1)
    let limits = fields.filter { $0.hasPrefix("x-timeout:") }
    #expect(limits.count == 1)
    // Nine hours is more than the function has, which is a minute.
    #expect(limits[0].hasPrefix("x-timeout: 59") || limits[0].hasPrefix("x-timeout: 60000"))
  }

  @Test func `is refused with a time that is none`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello")
    // What was sent is told in quotes, which JSON escapes.
    let times = [
      "X-Timeout: abc": #"\"abc\""#, "X-Timeout: 5": #"\"5\""#, "X-Timeout: 1 s": #"\"1 s\""#,
      "X-Timeout: 1h30": #"\"1h30\""#, "X-Timeout: 99999999999h": #"\"99999999999h\""#,
      "X-Timeout;": "the duration is empty",
      "X-Timeout: 0": "X-Timeout: 0s is no time", "X-Timeout: -5s": "X-Timeout: -5s is no time",
      "X-Timeout: 5s' -H 'x-timeout: 6s": "X-Timeout: given twice",
    ]
    for (field, told) in times {
      let fields = "-H '\(field)' -H 'X-Call-Id: mine-2' -H 'Accept: application/json'"
      let answer = try gateway.curl("/function/hello", "-i \(fields)")
      #expect(answer.status == 400, "\(field)")
      #expect(answer.body.contains("urn:apus:bad-timeout") && answer.body.contains("X-Timeout: "), "\(answer.body)")
      #expect(answer.body.contains(told) && answer.body.lowercased().contains("x-call-id: mine-2"), "\(answer.body)")
    }
  }

  @Test func `needs credentials where the deployment says so, and does not pass them on`() throws {
    let gateway = try RunningGateway()
    let members = #","envVars":{"FIXTURE":"echo"},"annotations":{"com.apus.access":"token"}"#
    try gateway.deploy("lifecycle-fixture", as: "closed", members)
    let stranger = try gateway.curl("/function/closed", "-i")
    #expect(stranger.status == 401)
    #expect(stranger.body.contains("WWW-Authenticate: Bearer"))
    #expect(try gateway.curl("/function/closed", "-H 'Authorization: Bearer apus_0123'").status == 401)
    let known = try gateway.admin("/function/closed")
    #expect(known.status == 200)
    #expect(known.body.contains("X-Apus-Subject: apus:admin/"))
    #expect(!known.body.lowercased().contains("authorization:"))
  }

  @Test(arguments: [#""FIXTURE":"echo""#, #""FIXTURE":"fail""#])
  func `needs credentials from the moment a deployment says so, even if that never starts`(variables: String) throws {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "closed", #","envVars":{"FIXTURE":"echo"}"#)
    #expect(try gateway.curl("/function/closed").status == 200)
    let sleep = #"-d '{"serviceName":"closed","replicas":0}'"#
    #expect(try gateway.admin("/system/scale-function/closed", sleep).status == 202)
    #expect(!gateway.line(with: "replica gone").isEmpty)
    let members = #""envVars":{\#(variables)},"annotations":{"com.apus.access":"token"}"#
    let body = #"{"service":"closed","image":"closed",\#(members)}"#
    #expect(try gateway.admin("/system/functions", "-X PUT -d '\(body)'").status == 202)
    for _ in 1...3 { #expect(try gateway.curl("/function/closed").status == 401) }
    #expect(try gateway.admin("/function/closed").status == 200, "the old version, if the new one does not start")
  }

  @Test func `meets the new value of a secret without being lost`() throws {
    let gateway = try RunningGateway()
    #expect(try gateway.admin("/system/secrets", #"-X POST -d '{"name":"key","value":"one"}'"#).status == 202)
    try gateway.deploy("lifecycle-fixture", as: "echo", #","envVars":{"FIXTURE":"echo"},"secrets":["key"]"#)
    #expect(try gateway.curl("/function/echo").body.hasSuffix("secret: one\n"))
    #expect(try gateway.admin("/system/secrets", #"-X PUT -d '{"name":"key","value":"two"}'"#).status == 202)
    #expect(gateway.line(with: "new version serves").contains("echo"))
    #expect(try gateway.curl("/function/echo").body.hasSuffix("secret: two\n"))
  }
}
