import ApusCommandLine
import ApusHTTP
import ApusIO
import ApusJSON

/// `apus doctor`: whether Apus can work on this machine, and what it protects from.
enum DoctorCommand {
  static let port = Option.value(
    "port", short: "p", .integer(in: 1...65_535), default: "8080", help: "Port that a gateway is to have")
  static let usage = Command(
    "doctor", "Say whether Apus can work here, and how well functions are isolated",
    discussion: "Looks at the gateway, the layers of isolation, the data folder, ports, disk and the Swift toolchain."
      + " Nothing is changed.\n\nExit status: 0 nothing is wrong, though there may be warnings; 1 something is wrong;"
      + " 2 wrong command line.",
    options: GatewayOptions.place + [port, OutputFormat.option]
  ) { arguments in
    let data = LocalData(try arguments[GatewayOptions.data])
    let ports = PortFindings(data: data, port: try arguments[port])
    let (isChosen, format) = (try arguments[GatewayOptions.gateway] != nil, try arguments[OutputFormat.option])
    try GatewayOptions.run(arguments) { client in
      var findings = ports.process
      let answer = await client.info()
      if case .success(let info) = answer, let report = info["isolation"] {
        findings.append(
          .ok("gateway", "\(info["version"]?["release"]?.stringValue ?? "") answers at \(client.place.url)"))
        findings += IsolationFindings.of(report)
      } else {
        findings += noGateway(ports, client, isChosen, await refusal(answer, client))
        findings += IsolationFindings.probed()
      }
      findings += DataFindings(data: data).all
      findings += await ToolchainFindings.all(on: client.loop)
      try show(findings, format)
      if findings.contains(where: { $0.state == .wrong }) { throw ExitStatus(1) }
    }
  }

  /// What a gateway that is there said; nil if none is.
  private static func refusal(_ answer: Result<JSON, any Error>, _ client: GatewayClient) async -> String? {
    guard await client.isThere() else { return nil }
    guard case .failure(let error) = answer else { return "the gateway does not say how it isolates functions" }
    return "\(error)"
  }

  private static func noGateway(
    _ ports: PortFindings, _ client: GatewayClient, _ isChosen: Bool, _ refusal: String?
  ) -> [Finding] {
    if let refusal {
      return [
        .wrong("gateway", refusal, "Until it answers, what follows is about this machine and not about the gateway")
      ]
    }
    if isChosen {
      return [
        .wrong("gateway", "none answers at \(client.place.url)", "Start it, or correct --gateway and OPENFAAS_URL")
      ]
    }
    // One that runs and does not answer us has the port.
    if ports.process.contains(where: { $0.state == .ok }) {
      return [
        .wrong("gateway", "it does not say how it isolates functions", "Run as the user who started it, or name --data")
      ]
    }
    return [.ok("gateway", "none runs")] + ports.ports
  }

  private static func show(_ findings: [Finding], _ format: OutputFormat) throws {
    if format == .json {
      let isGood = !findings.contains { $0.state == .wrong }
      return try OutputFormat.printJSON(["ok": .bool(isGood), "findings": .array(findings.map(\.json))])
    }
    var table = TextTable(["state", "subject", "finding"])
    for finding in findings {
      table.add([finding.state.rawValue, finding.subject, finding.text])
      if finding.state == .wrong { table.add(["", "", "  \(finding.advice)"]) }
    }
    for line in table.lines { Terminal.say(line) }
  }
}
