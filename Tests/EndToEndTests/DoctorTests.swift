import ApusIO
import ApusJSON
import Glibc
import Testing

@Suite(.serialized) struct `The doctor` {
  private func findings(_ folder: String, _ options: String = "") throws -> (json: JSON, status: CInt) {
    let apus = try "env -u OPENFAAS_URL '\(Program.path("apus"))' doctor --output json --data '\(folder)' \(options)"
    let answer = try Shell.run("\(apus) 2>/dev/null")
    return (try JSON.parse(Array(answer.output.utf8)), answer.status)
  }

  private func texts(_ json: JSON, _ subject: String, _ state: String) -> [String] {
    (json["findings"]?.arrayValue ?? []).compactMap { finding in
      guard finding["subject"]?.stringValue == subject, finding["state"]?.stringValue == state else { return nil }
      return finding["text"]?.stringValue
    }
  }

  @Test func `says of a gateway what the gateway says of itself`() throws {
    let gateway = try RunningGateway()
    let (json, status) = try findings(gateway.folder)
    let report = try JSON.parse(Array(try gateway.admin("/system/info").body.utf8))["isolation"]
    let layers = try #require(report?.objectValue)
    let found = texts(json, "isolation", "ok") + texts(json, "isolation", "warning")
    #expect(found.count == layers.count)
    for (layer, state) in layers where state.stringValue == "in force" { #expect(found.contains("\(layer): in force")) }
    for (_, state) in layers where state.stringValue != "in force" { #expect(found.contains(state.stringValue ?? "")) }
    #expect(texts(json, "data", "ok").count == 2)
    #expect(status == (json["ok"]?.boolValue == true ? 0 : 1))
  }

  @Test func `names what an ordinary user does not get`() throws {
    guard geteuid() == 0, try Shell.run("command -v setpriv >/dev/null").status == 0 else { return }
    let folder = try Shell.temporaryFolder()
    defer { _ = try? Shell.run("rm -rf '\(folder)'") }
    _ = try Shell.run("chmod 755 '\(folder)' && cp '\(Program.path("apus"))' '\(folder)/apus'")
    let user = "setpriv --reuid 65534 --regid 65534 --clear-groups"
    let answer = try Shell.run("cd / && \(user) '\(folder)/apus' doctor --data '\(folder)/data' 2>/dev/null").output
    #expect(answer.contains("memory: per process, not per replica"), "\(answer)")
    #expect(answer.contains("uids: one, separation by mounts only"), "\(answer)")
  }

  @Test func `finds what is wrong, says what to do, and ends with 1`() throws {
    let gateway = try RunningGateway()
    _ = try Shell.run("chmod 644 '\(gateway.folder)/state/key' && chmod 777 '\(gateway.folder)'")
    let (json, status) = try findings(gateway.folder)
    #expect(status == 1)
    #expect(json["ok"]?.boolValue == false)
    let wrong = texts(json, "data", "wrong")
    #expect(wrong.contains { $0.contains("state/key can be read by others (mode 0644)") }, "\(wrong)")
    #expect(wrong.contains { $0.contains("can be written by others (mode 0777)") }, "\(wrong)")
  }

  @Test func `misses the key to the secrets`() throws {
    let gateway = try RunningGateway()
    _ = try Shell.run("rm '\(gateway.folder)/state/key'")
    let (json, status) = try findings(gateway.folder)
    #expect(status == 1)
    #expect(texts(json, "data", "wrong").contains { $0.contains("state/key is missing") })
  }

  @Test func `tells a port that is taken, and a gateway that was killed`() throws {
    let gateway = try RunningGateway()
    let port = gateway.url.split(separator: ":").last.map(String.init) ?? ""
    let other = try Shell.temporaryFolder()
    defer { _ = try? Shell.run("rm -rf '\(other)'") }
    let taken = try findings(other, "--port \(port)")
    #expect(taken.status == 1)
    #expect(texts(taken.json, "port", "wrong").count == 1)
    _ = try gateway.end(SIGKILL)
    #expect(texts(try findings(gateway.folder, "--port \(port)").json, "gateway", "warning").count == 1)
  }

  @Test func `tells a gateway that knows nobody from one that is not there`() throws {
    let gateway = try RunningGateway()
    let stranger = try findings("/nowhere", "--gateway \(gateway.url)")
    #expect(stranger.status == 1)
    let wrong = texts(stranger.json, "gateway", "wrong")
    #expect(wrong.contains { $0.contains("wants credentials") }, "\(wrong)")
    #expect(!wrong.contains { $0.contains("none answers") }, "\(wrong)")
    let gone = texts(try findings("/nowhere", "--gateway http://127.0.0.1:1").json, "gateway", "wrong")
    #expect(gone.contains { $0.contains("none answers") }, "\(gone)")
    let environment = "APUS_DATA=/nowhere OPENFAAS_URL=\(gateway.url)"
    let version = try gateway.apus("version", environment: environment)
    #expect(version.output.contains("wants credentials"), "\(version.output)")
  }

  @Test func `says when functions are not isolated at all`() throws {
    let gateway = try RunningGateway(arguments: ["--no-isolation"])
    let (json, status) = try findings(gateway.folder)
    #expect(status == 1)
    #expect(!texts(json, "isolation", "wrong").isEmpty)
  }
}
