import ApusDeployment
import ApusIO
import ApusJSON
import ApusModel
import ApusTelemetry

/// One function as lists and descriptions show it: the members that OpenFaaS has, and `state`, `reason`, `generation`
/// and `rollout`. Counts of zero are there, so that a program need not know what is left out.
struct FunctionStatus {
  let function: DeployedFunction
  let createdAt: WallClock?
  /// Nil if it was not asked for.
  var usage: ReplicaUsage?

  var json: JSON {
    guard let generation = function.desired else { return .object([("name", .string(function.name.name))]) }
    var members = generation.deployment.members(nameKey: "name")
    let (counts, arrivals) = function.read { ($0.counts, $0.totals.arrivals) }
    let (state, rollout, trouble) = function.read { ($0.state, $0.rollout, $0.trouble) }
    func add(_ key: String, _ count: Int) { members.append((key, .integer(Int64(count)))) }
    add("invocationCount", Int(clamping: arrivals))
    add("replicas", counts.present)
    add("availableReplicas", counts.ready)
    members.append(("state", .string(state.rawValue)))
    if let exit = rollout.failure ?? trouble { members.append(("reason", .string(exit.summary))) }
    members.append(("createdAt", .string(Self.timestamp(createdAt ?? WallClock(seconds: 0)))))
    members.append(("generation", .integer(Int64(generation.stored))))
    switch rollout {
    case .settled:
      if let trouble { members.append(("rollout", .string("it does not start: \(trouble.cause)"))) }
    case .progressing: members.append(("rollout", .string("a new version is starting")))
    case .failed(_, let exit): members.append(("rollout", .string("the new version does not start: \(exit.cause)")))
    }
    if let usage = usage.flatMap(Self.json) { members.append(("usage", usage)) }
    return .object(members)
  }

  /// As Go says it, which leaves zeroes out; nil if all are.
  private static func json(_ usage: ReplicaUsage) -> JSON? {
    var members: [(key: String, value: JSON)] = []
    // Millicores are a number with a fraction in OpenFaaS; more digits than three would be noise.
    let milliCPU = (usage.milliCPU * 1000).rounded() / 1000
    if milliCPU > 0 { members.append(("cpu", .number(milliCPU))) }
    if usage.memory > 0 { members.append(("totalMemoryBytes", .integer(Int64(usage.memory)))) }
    return members.isEmpty ? nil : .object(members)
  }

  /// RFC 3339 in UTC, to the second.
  private static func timestamp(_ time: WallClock) -> String {
    var text: [UInt8] = []
    Timestamp(seconds: time.seconds).append(to: &text, fractionDigits: 0)
    return String(decoding: text, as: UTF8.self)
  }
}
