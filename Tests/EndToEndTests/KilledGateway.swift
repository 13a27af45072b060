import ApusIO
import ApusJSON
import Glibc
import Instruments
import Testing

/// A gateway that is killed in the midst of changes, again and again, and what it had promised each time.
struct KilledGateway {
  private let gateway: RunningGateway
  private var promises = Promises()
  private var random: SeededRandom
  private var number = 0
  private let archive: String
  private var tags: [String] = []

  private static let functions = [["f0", "f1", "f2"], ["g0", "g1", "g2"]]
  private static let secrets = ["s0", "s1", "s2", "s3"]

  init(seed: UInt64) throws {
    random = SeededRandom(seed)
    gateway = try RunningGateway()
    try gateway.upload("witness", as: "witness")
    let file = "\(gateway.folder)/handler"
    let tar = "printf note > '\(file)' && chmod 755 '\(file)' && tar -C '\(gateway.folder)' -cf - handler"
    archive = try Shell.run(tar).output
  }

  /// How many of the changes that were under way when it was killed were found done, and not done.
  var unanswered: (done: Int, undone: Int) { (promises.done, promises.undone) }

  // MARK: - Changes

  private mutating func errands() throws -> [Errand] {
    var errands: [Errand] = []
    for names in Self.functions {
      number += 1
      let name = try #require(names.randomElement(using: &random))
      let now = try #require(promises.certain(name))
      errands.append(.function(name, now, number: number, using: &random))
    }
    number += 1
    let secret = try #require(Self.secrets.randomElement(using: &random))
    errands.append(.secret(secret, try #require(promises.certain(secret)), number: number, using: &random))
    tags.append("t\(number)")
    errands.append(.artefact("t\(number)", archive))
    return errands
  }

  /// Changes of all kinds at once, several times over, and in the midst of the last ones the end.
  mutating func changeAndKill() throws {
    tags = []
    let lanes = try (0..<4).map { _ in try Lane(gateway) }
    let steps = Int.random(in: 0...4, using: &random)
    for step in 0...steps {
      let errands = try errands()
      for (errand, lane) in zip(errands, lanes) {
        try lane.send(errand.method, errand.path, errand.body)
        if let wish = errand.wish { promises.asked(errand.name, for: wish) }
      }
      if step == steps {
        usleep(UInt32.random(in: 0...12_000, using: &random))
        _ = try gateway.end(SIGKILL)
      }
      for (errand, lane) in zip(errands, lanes) {
        guard let answer = lane.answer() else {
          #expect(step == steps, "\(errand): no answer from a gateway that runs")
          continue
        }
        #expect(answer.status == errand.status, "\(errand): \(answer.status) \(answer.text)")
        if let wish = errand.wish, answer.status / 100 == 2 { promises.promised(errand.name, wish) }
      }
    }
  }

  /// Starts it again; now and then the start is killed, too.
  mutating func startAgain() throws {
    while Int.random(in: 0..<5, using: &random) == 0 {
      try gateway.startAndKill(after: UInt32.random(in: 0...120_000, using: &random))
    }
    try gateway.start()
  }

  // MARK: - What is found

  /// Looks at everything, and calls what is there.
  mutating func check() throws {
    #expect(gateway.passedLines.allSatisfy { !$0.contains("can't be") }, "\(gateway.passedLines)")
    let lane = try Lane(gateway)
    try checkFunctions(lane)
    try checkSecrets(lane)
    try checkArtefacts(lane)
    let rest = try Shell.run("ls -A '\(gateway.folder)/artefacts/.incoming' 2>/dev/null; ls '\(gateway.runtimeFolder)'")
    #expect(rest.output.split(separator: "\n").count == 1, "only what runs has a folder: \(rest.output)")
  }

  private mutating func checkFunctions(_ lane: Lane) throws {
    let list = try lane.ask("GET", "/system/functions").json()
    var present: [(name: String, round: String)] = []
    for function in list.arrayValue ?? [] {
      let name = try #require(function["name"]?.stringValue)
      present.append((name, try #require(function["envVars"]?["ROUND"]?.stringValue, "\(function)")))
    }
    for name in Self.functions.flatMap({ $0 }) {
      let state = present.first { $0.name == name }.map { Promises.State.present($0.round) } ?? .absent
      expect(name, state)
    }
    let lanes = try present.map { _ in try Lane(gateway) }
    for (function, lane) in zip(present, lanes) { try lane.call(function.name, "variable ROUND") }
    for (function, lane) in zip(present, lanes) {
      let answer = lane.answer()
      #expect(answer?.status == 200 && answer?.text == function.round, "\(function): \(answer?.text ?? "nothing")")
    }
  }

  private mutating func checkSecrets(_ lane: Lane) throws {
    let list = try lane.ask("GET", "/system/secrets").json()
    let present = (list.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
    let names = present.map { "\"\($0)\"" }.joined(separator: ",")
    let reader = #"{"service":"reader","image":"witness","secrets":[\#(names)]}"#
    #expect(try lane.ask("POST", "/system/functions", reader).status == 202)
    for name in Self.secrets {
      guard present.contains(name) else {
        expect(name, .absent)
        continue
      }
      let value = try lane.ask("POST", "/function/reader", "secret \(name)")
      #expect(value.status == 200, "\(value.text)")
      expect(name, .present(value.text))
    }
    #expect(try lane.ask("DELETE", "/system/functions", #"{"functionName":"reader"}"#).status == 202)
  }

  private mutating func checkArtefacts(_ lane: Lane) throws {
    for tag in tags {
      let probe = try lane.ask("POST", "/system/functions", #"{"service":"probe","image":"note:\#(tag)"}"#)
      expect(tag, probe.status == 202 ? .present("") : .absent)
      guard probe.status == 202 else { continue }
      #expect(try lane.ask("DELETE", "/system/functions", #"{"functionName":"probe"}"#).status == 202)
    }
  }

  private mutating func expect(_ name: String, _ state: Promises.State) {
    let isPossible = promises.found(name, state)
    #expect(isPossible, "\(name) is \(state)")
  }

  /// What a program that is not ours says of the file.
  func checkFile() throws {
    _ = try gateway.end(SIGTERM)
    let check = "sqlite3 '\(gateway.folder)/state/apus.db' 'PRAGMA integrity_check; PRAGMA foreign_key_check'"
    #expect(try Shell.run(check).output == "ok\n")
  }
}
