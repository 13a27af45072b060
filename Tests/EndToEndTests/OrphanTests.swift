import ApusJSON
import Glibc
import Instruments
import Testing

/// What a replica started by itself, in a session of its own, where no signal to the replica's group finds it.
@Suite(.serialized) struct `What a replica started` {
  private func lingering(_ mark: String) throws -> [String] {
    try Shell.run("pgrep -f 'linge[r] \(mark)$'").output.split(separator: "\n").map(String.init)
  }

  /// Needs namespaces: without them nobody can end what has left its parent.
  private func isPossible(_ gateway: RunningGateway) throws -> Bool {
    let info = try JSON.parse(Array(try gateway.admin("/system/info").body.utf8))
    let state = try #require(info["isolation"]?["processes"]?.stringValue)
    if state != "in force" { print("not tested: processes that replicas leave behind: \(state)") }
    return state == "in force"
  }

  @Test(arguments: ["asleep", "killed", "removed"]) func `ends with it`(how: String) throws {
    let gateway = try RunningGateway()
    guard try isPossible(gateway) else { return }
    try gateway.deploy("witness", as: "witness")
    let mark = "\(getpid())-\(how)"
    #expect(try gateway.curl("/function/witness", "-d 'linger \(mark)'").body == "ok")
    let children = try lingering(mark)
    try #require(children.count == 1)
    switch how {
    case "asleep":
      let order = #"-d '{"serviceName":"witness","replicas":0}'"#
      #expect(try gateway.admin("/system/scale-function/witness", order).status == 202)
    case "removed":
      #expect(try gateway.admin("/system/functions", #"-X DELETE -d '{"functionName":"witness"}'"#).status == 202)
    default: _ = try gateway.end(SIGKILL)
    }
    #expect(try RunningStack.survivors(children) == "")
  }

  @Test func `ends with apus up`() throws {
    let stack = try RunningStack(
      """
      version: 1.0
      provider:
        name: openfaas
      functions:
        witness:
          lang: swift
          handler: ./witness
          image: witness:latest
      """)
    _ = stack.line(with: "stop: ")
    let mark = "\(getpid())-up"
    #expect(try stack.apus("invoke witness -d 'linger \(mark)'").output == "ok")
    let children = try lingering(mark) + stack.descendants()
    _ = try stack.end(SIGKILL)
    let survivors = try RunningStack.survivors(children)
    // Where there are no namespaces, the gateway and its replicas end all the same.
    let left = try lingering(mark)
    #expect(survivors == "" || left == survivors.split(separator: "\n").map(String.init))
    for process in left { if let process = pid_t(process) { kill(process, SIGKILL) } }
  }
}
