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

  /// Why the version that was deployed last does not start.
  var reason: String? { json["reason"]?.stringValue }

  enum State: String {
    case ready, starting, asleep, failing
  }

  /// As the gateway says it; a gateway that is not ours says only how many replicas there are.
  var state: State {
    if let said = json["state"]?.stringValue.flatMap(State.init) { return said }
    if available > 0 { return .ready }
    return replicas > 0 ? .starting : .asleep
  }

  /// The version that was deployed last does not start, though one before it may serve.
  var hasFailed: Bool { state == .failing || reason != nil && isSettled }

  /// For people, who want to know more than the state's one word; nil if all is well.
  var complaint: String? {
    guard hasFailed, let reason else { return nil }
    return state == .failing ? "\(name) is failing: \(reason)" : "\(name): the new version does not start: \(reason)"
  }

  /// Nothing is under way: a function that sleeps answers the next call.
  var isSettled: Bool { state != .starting && rollout != "a new version is starting" }
}
