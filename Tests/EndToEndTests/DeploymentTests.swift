import ApusJSON
import Glibc
import Testing

/// What becomes of a function when it was deployed, before anybody calls it.
@Suite(.serialized) struct `A deployment` {
  @Test func `is started once without a call, so that faas-cli ready ends, and sleeps again`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello", #","labels":{"com.openfaas.scale.zero-duration":"1s"}"#)
    #expect(try gateway.isReady("hello"))
    #expect(try gateway.status("hello")["invocationCount"]?.integerValue == 0)
    #expect(try gateway.isAsleep("hello"))
    #expect(try gateway.admin("/system/explain/hello").body.contains("started once, to see whether it does"))
    let starts = #"apus_replica_starts_total{function_name="hello.openfaas-fn"}"#
    #expect(try gateway.metric(starts) == 1)
    // The same once more changes nothing, but somebody may wait for it again.
    let body = #"{"service":"hello","image":"hello:latest","labels":{"com.openfaas.scale.zero-duration":"1s"}}"#
    #expect(try gateway.admin("/system/functions", "-X PUT -d '\(body)'").status == 202)
    #expect(try gateway.isReady("hello"))
    #expect(try gateway.metric(starts) == 2)
    #expect(try gateway.status("hello")["generation"]?.integerValue == 1)
  }

  @Test func `that was there already starts nothing when the gateway comes back`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello")
    #expect(try gateway.isReady("hello"))
    _ = try gateway.end(SIGTERM)
    try gateway.start()
    #expect(try gateway.status("hello")["replicas"]?.integerValue == 0)
    #expect(try gateway.status("hello")["state"]?.stringValue == "asleep")
    #expect(try gateway.metric(#"apus_replica_starts_total{function_name="hello.openfaas-fn"}"#) == 0)
  }

  @Test func `that does not start is accepted, and describe says why`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "broken", #","envVars":{"FIXTURE":"fail"}"#)
    for _ in 0..<2 { #expect(!gateway.line(with: "replica gone").isEmpty) }
    let why = try gateway.status("broken")["rollout"]?.stringValue ?? ""
    #expect(why.contains("it does not start: ended before it was ready, with exit status 1"), "\(why)")
    #expect(try gateway.status("broken")["replicas"]?.integerValue == 0)
    let list = try JSON.parse(Array(try gateway.admin("/system/functions").body.utf8))
    for status in [list[0], try gateway.status("broken")] {
      #expect(status?["state"]?.stringValue == "failing")
      let reason = status?["reason"]?.stringValue ?? ""
      #expect(reason.contains("exit status 1: "), "with what it said last: \(reason)")
    }
  }

  @Test func `that replaces one which sleeps is tried, and does not replace it if it fails`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "echo", #","envVars":{"FIXTURE":"echo"}"#)
    #expect(try gateway.isReady("echo"))
    #expect(try gateway.admin("/system/scale-function/echo", #"-d '{"replicas":0}'"#).status == 202)
    #expect(try gateway.isAsleep("echo"))
    let broken = #"{"service":"echo","image":"echo:latest","envVars":{"FIXTURE":"fail"}}"#
    #expect(try gateway.admin("/system/functions", "-X PUT -d '\(broken)'").status == 202)
    #expect(gateway.line(with: "new version does not start").contains("exit status 1"))
    #expect(try gateway.status("echo")["rollout"]?.stringValue?.hasPrefix("the new version does not start") == true)
    #expect(try gateway.curl("/function/echo").body.hasPrefix("GET /\n"), "the old one serves")
  }

  @Test func `of many does not keep all of them awake`() throws {
    let gateway = try RunningGateway()
    try gateway.upload("hello", as: "hello")
    let body = #"{\"service\":\"f$i\",\"image\":\"hello\",\"labels\":{\"com.openfaas.scale.zero-duration\":\"1h\"}}"#
    let call = "curl -sS -m 20 -o /dev/null \(gateway.credentials) -d \"\(body)\" '\(gateway.url)/system/functions'"
    _ = try Shell.run("for i in $(seq 70); do \(call); done")
    let sum = "awk '/^apus_replica_starts_total/ {s+=$2} /^gateway_service_count/ {c+=$2} END {print s, c}'"
    let settled = "curl -sS '\(gateway.metricsURL)' | \(sum) | grep -x '70 64'"
    #expect(try Shell.run("for i in $(seq 200); do \(settled) && exit; sleep 0.1; done; exit 1").status == 0)
    #expect(try gateway.isReady("f70"))
    #expect(try gateway.curl("/function/f1", "-d you").body == "Hello, you!")
  }

  @Test func `whose artefact is in another namespace is told how to bring it here`() throws {
    let gateway = try RunningGateway()
    try gateway.upload("hello", as: "hello")
    #expect(try gateway.admin("/system/namespace/", #"-d '{"name":"dev","labels":{"openfaas":"1"}}'"#).status == 202)
    let body = #"{"service":"hello","image":"hello:latest","namespace":"dev"}"#
    let answer = try gateway.admin("/system/functions", "-d '\(body)'")
    #expect(answer.status == 400)
    #expect(answer.body.contains("artefact not found"), "\(answer.body)")
    #expect(answer.body.contains("/system/artefacts/hello?namespace=dev&tag=latest"), "\(answer.body)")
  }
}
