import ApusDeployment
import ApusIO
import ApusJSON
import ApusModel
import ApusTelemetry

/// One function as lists and descriptions show it. Zeroes are left out, as clients of OpenFaaS know it.
struct FunctionStatus {
  let function: DeployedFunction
  let createdAt: WallClock?

  var json: JSON {
    guard let generation = function.desired else { return .object([("name", .string(function.name.name))]) }
    var members = generation.deployment.members(nameKey: "name")
    let (counts, arrivals, rollout) = function.read { ($0.counts, $0.totals.arrivals, $0.rollout) }
    func add(_ key: String, _ count: Int) {
      if count > 0 { members.append((key, .integer(Int64(count)))) }
    }
    add("invocationCount", Int(clamping: arrivals))
    add("replicas", counts.present)
    add("availableReplicas", counts.ready)
    members.append(("createdAt", .string(Self.timestamp(createdAt ?? WallClock(seconds: 0)))))
    members.append(("generation", .integer(Int64(generation.stored))))
    switch rollout {
    case .settled: break
    case .progressing: members.append(("rollout", .string("a new version is starting")))
    case .failed(_, let exit): members.append(("rollout", .string("the new version does not start: \(exit.cause)")))
    }
    return .object(members)
  }

  /// RFC 3339 in UTC, to the second.
  private static func timestamp(_ time: WallClock) -> String {
    var text: [UInt8] = []
    Timestamp(seconds: time.seconds).append(to: &text, fractionDigits: 0)
    return String(decoding: text, as: UTF8.self)
  }
}
