import ApusJSON

/// What the gateway says of one function, as a table shows it.
struct FunctionReport {
  let json: JSON

  var name: String { json["name"]?.stringValue ?? "" }
  var namespace: String { json["namespace"]?.stringValue ?? "" }
  var image: String { json["image"]?.stringValue ?? "" }
  var replicas: Int64 { json["replicas"]?.integerValue ?? 0 }
  var available: Int64 { json["availableReplicas"]?.integerValue ?? 0 }
  var calls: Int64 { json["invocationCount"]?.integerValue ?? 0 }
  var rollout: String? { json["rollout"]?.stringValue }

  enum State: String {
    case ready, starting, asleep, failed
  }

  /// A function that sleeps costs nothing and starts at its next call.
  var state: State {
    if available > 0 { return .ready }
    if rollout?.hasPrefix("the new version does not start") == true { return .failed }
    return replicas > 0 ? .starting : .asleep
  }

  /// Nothing is under way: a function that sleeps answers the next call.
  var isSettled: Bool { state != .starting && rollout != "a new version is starting" }
}
