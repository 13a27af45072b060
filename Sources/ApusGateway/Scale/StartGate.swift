/// At most so many starts at once on this machine, across all functions: spawns side by side only slow each
/// other down, because the tail of a start is the load of the machine.
///
/// A function's first replica goes before another function's further ones; within each kind it is first come, first
/// served. `Start` names a replica for the shell, say function and id.
package struct StartGate<Start: Hashable & Sendable>: Sendable {
  package let limit: Int
  /// Begun and not finished.
  private var begun: Set<Start> = []
  private var first: [Start] = []
  private var further: [Start] = []

  package init(limit: Int) {
    self.limit = max(1, limit)
  }

  package var running: Int { begun.count }
  package var waiting: Int { first.count + further.count }

  /// True: begin now. False: it waits, and a later `finished` hands it out.
  package mutating func request(_ start: Start, isFirst: Bool) -> Bool {
    if begun.count < limit, waiting == 0 {
      begun.insert(start)
      return true
    }
    if isFirst { first.append(start) } else { further.append(start) }
    return false
  }

  /// Ready, dead or given up: answers the next one to begin. Harmless if it was finished before.
  package mutating func finished(_ start: Start) -> Start? {
    guard begun.remove(start) != nil, begun.count < limit, waiting > 0 else { return nil }
    let next = first.isEmpty ? further.removeFirst() : first.removeFirst()
    begun.insert(next)
    return next
  }

  /// Somebody waits for it now: if it stands among the further ones, it goes behind the first replicas instead.
  package mutating func hasten(_ start: Start) {
    guard let index = further.firstIndex(of: start) else { return }
    first.append(further.remove(at: index))
  }

  /// True if it still waited: it will never begin.
  package mutating func withdraw(_ start: Start) -> Bool {
    if let index = first.firstIndex(of: start) {
      first.remove(at: index)
      return true
    }
    if let index = further.firstIndex(of: start) {
      further.remove(at: index)
      return true
    }
    return false
  }
}
