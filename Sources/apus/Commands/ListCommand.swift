import ApusCommandLine
import ApusHTTP
import ApusIO
import ApusJSON
import ApusModel

/// `apus list`: the functions of a namespace, now or once nothing is under way any more.
enum ListCommand {
  enum Wanted: String, CaseIterable {
    case ready, asleep
  }

  static let wait = Option<Bool>.flag(
    "wait", short: "w", help: "Wait until every function is ready, asleep or failing, or all are in STATE")
  static let timeout = Option.value(
    "timeout", .duration, default: "60s", help: "How long to wait at most")
  static let wanted = Positional.optional(
    "STATE", .choice(of: Wanted.self, placeholder: "STATE"), help: "With --wait, the state to wait for")
  static let usage = Command(
    "list", "List the functions of a namespace",
    discussion:
      "  apus list --wait asleep\n\n"
      + "ready: a replica takes calls; starting: one is on its way; asleep: there is none, and the next call starts"
      + " one; failing: it does not start, and the reason is said.\n\n"
      + "Exit status: 0 done, 1 not done: with --wait also if what was deployed last does not start, or the time is"
      + " over; 2 wrong command line.",
    options: GatewayOptions.all + [wait, timeout, OutputFormat.option], positionals: [wanted]
  ) { arguments in
    let (namespace, format) = (try arguments[GatewayOptions.namespace], try arguments[OutputFormat.option])
    let (isWaiting, wanted, limit) = (try arguments[wait], try arguments[wanted], try arguments[timeout])
    guard isWaiting || wanted == nil else {
      throw arguments.usageError("a state is what --wait waits for: add it, or leave the state out")
    }
    try GatewayOptions.run(arguments) { client in
      let target = "/system/functions?namespace=\(namespace)"
      guard isWaiting else { return try show(await client.expect(.get, target).json(), format) }
      try await waitUntil(wanted, within: limit, client, target, format)
    }
  }

  /// How often the gateway is asked.
  private static let pause: Duration = .milliseconds(100)

  private static func waitUntil(
    _ wanted: Wanted?, within limit: Duration, _ client: GatewayClient, _ target: String, _ format: OutputFormat
  ) async throws {
    let deadline = Instant.now() + limit
    while true {
      let json = try await client.expect(.get, target).json()
      let reports = (json.arrayValue ?? []).map(FunctionReport.init)
      let waiting = reports.filter { !isReached(wanted, $0) }.map(\.name)
      let failed = reports.filter(\.hasFailed)
      let isOver = Instant.now() >= deadline
      if waiting.isEmpty || isOver
        || !failed.isEmpty && waiting.allSatisfy({ name in failed.contains { $0.name == name } })
      {
        Terminal.progress(nil)
        try show(json, format)
        if !failed.isEmpty { throw ExitStatus(1) }
        guard waiting.isEmpty else {
          throw CommandError(
            "after \(GoDuration.format(limit)) this is not \(wanted?.rawValue ?? "settled"): "
              + waiting.joined(separator: ", ") + ". `apus explain` says why, --timeout waits longer")
        }
        return
      }
      Terminal.progress("waiting for \(waiting.joined(separator: ", "))")
      try await client.loop.sleep(until: min(deadline, .now() + pause))
    }
  }

  private static func isReached(_ wanted: Wanted?, _ report: FunctionReport) -> Bool {
    guard let wanted else { return report.isSettled }
    return report.isSettled && report.state.rawValue == wanted.rawValue
  }

  private static func show(_ json: JSON, _ format: OutputFormat) throws {
    if format == .json { return try OutputFormat.printJSON(json) }
    var table = TextTable(["function", "state", "replicas", "calls", "image"])
    let reports = (json.arrayValue ?? []).map(FunctionReport.init)
    for report in reports {
      table.add([report.name, report.state.rawValue, "\(report.replicas)", "\(report.calls)", report.image])
    }
    for line in table.lines { Terminal.say(line) }
    for report in reports { if let line = report.complaint { Terminal.note(line) } }
  }
}
