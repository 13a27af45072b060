import ApusJSON
import Glibc
import Instruments
import Testing

/// Changes while calls are under way, of which none may be lost.
@Suite(.serialized) struct `A change under load` {
  private static let isLong = getenv("APUS_SOAK") != nil
  private static let rounds = isLong ? 100 : 6

  /// Calls from several lanes without a pause; `change` is asked for in between, once a round. Every answer's status
  /// and text.
  private func load(
    _ gateway: RunningGateway, _ body: String, rounds: Int, change: (Int, Lane) throws -> Void
  ) throws -> [String] {
    let lanes = try (0..<8).map { _ in try Lane(gateway) }
    let changer = try Lane(gateway)
    var answers: [String] = []
    for round in 0..<rounds {
      try change(round, changer)
      for _ in 0..<5 {
        for lane in lanes { try lane.call("witness", body) }
        for lane in lanes {
          let answer = lane.answer()
          answers.append("\(answer?.status ?? 0) \(answer?.text ?? "no answer")")
        }
      }
      let changed = try #require(changer.answer())
      #expect(changed.status == 202, "\(changed.text)")
    }
    return answers
  }

  @Test func `of the function's version loses no call`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("witness", as: "witness", #","envVars":{"ROUND":"-1"}"#)
    let answers = try load(gateway, "variable ROUND", rounds: Self.rounds) { round, changer in
      let body = #"{"service":"witness","image":"witness","envVars":{"ROUND":"\#(round)"}}"#
      try changer.send("PUT", "/system/functions", body)
    }
    let rounds = answers.map { Int($0.dropFirst(4)) }
    #expect(answers.allSatisfy { $0.hasPrefix("200 ") }, "\(answers.filter { !$0.hasPrefix("200 ") })")
    #expect(rounds.contains { ($0 ?? -1) >= 0 }, "no new version has served")
  }

  @Test func `of a secret's value loses no call, and none meets half a value`() throws {
    let gateway = try RunningGateway()
    func value(_ round: Int) -> String { String(repeating: "\(round % 10)", count: 1000) }
    #expect(try gateway.admin("/system/secrets", "-d '{\"name\":\"key\",\"value\":\"\(value(9))\"}'").status == 202)
    try gateway.deploy("witness", as: "witness", #","secrets":["key"]"#)
    let answers = try load(gateway, "secret key", rounds: Self.rounds) { round, changer in
      try changer.send("PUT", "/system/secrets", #"{"name":"key","value":"\#(value(round))"}"#)
    }
    let values = Set((0..<10).map { "200 \(value($0))" })
    #expect(answers.allSatisfy { values.contains($0) }, "\(answers.filter { !values.contains($0) })")
    #expect(Set(answers).count > 1, "no new value has arrived")
  }

  @Test func `of the number of replicas loses no call`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("witness", as: "witness", #","labels":{"com.openfaas.scale.max":"4"}"#)
    let answers = try load(gateway, "pause 5", rounds: Self.rounds) { round, changer in
      let count = [0, 3, 1, 0, 4][round % 5]
      try changer.send(
        "POST", "/system/scale-function/witness", #"{"serviceName":"witness","replicas":\#(count)}"#)
    }
    #expect(answers.allSatisfy { $0 == "200 ok" }, "\(answers.filter { $0 != "200 ok" })")
  }

  @Test func `to a version that does not start leaves the old one serving, and says why`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "echo", #","envVars":{"FIXTURE":"echo"}"#)
    #expect(try gateway.curl("/function/echo").status == 200)
    func update(_ variables: String) throws {
      let body = #"{"service":"echo","image":"echo","envVars":{\#(variables)}}"#
      #expect(try gateway.admin("/system/functions", "-X PUT -d '\(body)'").status == 202)
    }
    try update(#""FIXTURE":"fail""#)
    #expect(gateway.line(with: "new version does not start").contains("exit status 1"))
    for _ in 1...5 { #expect(try gateway.curl("/function/echo").body.hasPrefix("GET /")) }
    let status = try JSON.parse(Array(try gateway.admin("/system/function/echo").body.utf8))
    let why = try #require(status["rollout"]?.stringValue)
    #expect(why.contains("does not start") && why.contains("exit status 1"), "\(why)")
    try update(#""FIXTURE":"echo","ROUND":"2""#)
    #expect(!gateway.line(with: "new version serves").isEmpty)
    #expect(try gateway.curl("/function/echo").status == 200)
    let settled = try JSON.parse(Array(try gateway.admin("/system/function/echo").body.utf8))
    #expect(settled["rollout"] == nil)
  }

  // Deployers race for one name; whoever comes last, memory and file must agree.
  //
  //   lane 1          lane 2          lane 3
  //   POST ROUND=1    DELETE          PUT ROUND=3     at once, again and again
  @Test func `of one name by several at once ends as one of them wanted`() throws {
    let gateway = try RunningGateway()
    try gateway.upload("witness", as: "witness")
    let lanes = try (0..<6).map { _ in try Lane(gateway) }
    var random = SeededRandom(7)
    for round in 0..<(Self.isLong ? 1000 : 60) {
      for (index, lane) in lanes.enumerated() {
        let body = #"{"service":"contested","image":"witness","envVars":{"ROUND":"\#(round)-\#(index)"}}"#
        switch Int.random(in: 0..<3, using: &random) {
        case 0: try lane.send("DELETE", "/system/functions", #"{"functionName":"contested"}"#)
        case 1: try lane.send("PUT", "/system/functions", body)
        default: try lane.send("POST", "/system/functions", body)
        }
      }
      for lane in lanes {
        let answer = try #require(lane.answer())
        #expect([202, 404].contains(answer.status), "\(answer.status) \(answer.text)")
      }
      try expectAgreement(gateway, lanes[0], calls: round % 10 == 0)
    }
  }

  /// What is shown, what is stored, and what answers are the same.
  private func expectAgreement(_ gateway: RunningGateway, _ lane: Lane, calls: Bool) throws {
    let status = try lane.ask("GET", "/system/function/contested")
    let query = "SELECT document FROM deployments WHERE name = '\\''contested'\\''"
    let stored = try Shell.run("sqlite3 '\(gateway.folder)/state/apus.db' '\(query)'").output
    let shown = status.status == 200 ? try status.json()["envVars"]?["ROUND"]?.stringValue : nil
    let kept = stored.isEmpty ? nil : try JSON.parse(Array(stored.utf8))["envVars"]?["ROUND"]?.stringValue
    #expect(shown == kept, "shown and stored")
    guard calls else { return }
    // Until the version that was asked for last has started, the one before answers.
    if kept != nil { #expect(try gateway.isRolledOut("contested")) }
    let answer = try lane.ask("POST", "/function/contested", "variable ROUND")
    #expect(answer.status == (kept == nil ? 404 : 200), "\(answer.text)")
    if let kept { #expect(answer.text == kept) }
  }
}
