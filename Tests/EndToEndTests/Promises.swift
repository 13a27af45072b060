/// What a gateway has said that it keeps: for each name, what may be found after it was killed.
struct Promises {
  enum State: Hashable {
    case absent
    case present(String)
  }

  /// The oldest first.
  private var possible: [String: [State]] = [:]
  /// Changes that were under way at a kill: those that were found done, and those that were not.
  private(set) var done = 0
  private(set) var undone = 0

  /// The only thing that `name` can be; nil while a change of it is under way.
  func certain(_ name: String) -> State? {
    guard let states = possible[name] else { return .absent }
    return states.count == 1 ? states.first : nil
  }

  /// A change was asked for: from now on both may be.
  mutating func asked(_ name: String, for state: State) {
    possible[name, default: [.absent]].append(state)
  }

  /// It was promised.
  mutating func promised(_ name: String, _ state: State) {
    possible[name] = [state]
  }

  /// It was found so. False if that could not be: a promise was broken, or something is half made.
  mutating func found(_ name: String, _ state: State) -> Bool {
    let states = possible[name] ?? [.absent]
    if states.count > 1 {
      if state == states.first { undone += 1 } else { done += 1 }
    }
    possible[name] = [state]
    return states.contains(state)
  }
}
