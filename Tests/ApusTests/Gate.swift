import Synchronization

/// Holds those who come until it is opened, and tells whether anybody came.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var arrivals = 0
    var held: [CheckedContinuation<Void, Never>] = []
    var watching: [(count: Int, CheckedContinuation<Void, Never>)] = []
  }
  private let state = Mutex(State())

  func open() {
    let held = state.withLock { state in
      state.isOpen = true
      defer { state.held = [] }
      return state.held
    }
    for continuation in held { continuation.resume() }
  }

  /// Waits here until the gate is open; heeds no cancellation.
  func pass() async {
    let watchers = state.withLock { state in
      state.arrivals += 1
      defer { state.watching.removeAll { $0.count <= state.arrivals } }
      return state.watching.filter { $0.count <= state.arrivals }
    }
    for watcher in watchers { watcher.1.resume() }
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.held.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  /// Waits until `count` have come.
  func arrivals(_ count: Int = 1) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.arrivals < count { state.watching.append((count, continuation)) }
        return state.arrivals >= count
      }
      if isThere { continuation.resume() }
    }
  }
}

/// A value that a handler leaves for its test.
final class Note<Value: Sendable>: Sendable {
  private let stored: Mutex<Value>

  init(_ value: Value) { stored = Mutex(value) }

  var value: Value { stored.withLock { $0 } }
  func set(_ value: Value) { stored.withLock { $0 = value } }
}
