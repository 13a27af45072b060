import ApusAccess

/// How the replicas of one function ended lately, for the calls that they had: those learn of the end before its cause.
struct ReplicaEnds {
  /// As many as die at once under calls that all wait to hear why.
  private static let capacity = 32

  private var ended: [(id: ReplicaID, exit: ReplicaExit)] = []
  private var waits: [ReplicaID: [Wait]] = [:]

  /// Notes an end; answers who waits for it.
  mutating func add(_ id: ReplicaID, _ exit: ReplicaExit) -> [Wait] {
    var exit = exit
    // Of one that was only put to sleep nobody asks, and memory is for the others.
    if exit.isOrderly { exit.lastLines = "" }
    if ended.count == Self.capacity { ended.removeFirst() }
    ended.append((id, exit))
    return waits.removeValue(forKey: id) ?? []
  }

  func exit(of id: ReplicaID) -> ReplicaExit? {
    ended.last { $0.id == id }?.exit
  }

  /// The end of `id`; if it is not known, `wait` ends with it.
  mutating func exit(of id: ReplicaID, or wait: Wait) -> ReplicaExit? {
    if let exit = exit(of: id) { return exit }
    waits[id, default: []].append(wait)
    return nil
  }

  /// Nobody waits any more.
  mutating func forget(_ wait: Wait, of id: ReplicaID) {
    waits[id]?.removeAll { $0 === wait }
    if waits[id]?.isEmpty == true { waits[id] = nil }
  }
}
