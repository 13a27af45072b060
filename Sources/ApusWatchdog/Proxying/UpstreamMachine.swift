package import ApusIO

/// Decides when the program of http mode is believed, started again and given up. Time is a parameter.
///
/// A first start that fails is a mistake of who deploys, and is not tried again: whoever started us is told. Later the
/// program may end before its time `restarts` times in a row; one that has run for a while begins a new row.
package struct UpstreamMachine {
  package enum State: Equatable {
    /// It was started and does not listen yet.
    case starting
    case ready(since: Instant)
    /// Until it is started again.
    case resting
    case stopping
  }

  /// What follows the end of the program.
  package enum Next: Equatable {
    case again(at: Instant)
    case giveUp
    /// It was asked to end.
    case rest
  }

  /// So long, and its end counts as the first.
  static let steadyTime: Duration = .seconds(60)
  private static let firstPause: Duration = .milliseconds(100)
  private static let longestPause: Duration = .seconds(10)

  private let restarts: Int
  package private(set) var state = State.starting
  private var wasReady = false
  /// Ends in a row.
  private var failures = 0

  package init(restarts: Int) {
    self.restarts = restarts
  }

  package var isReady: Bool {
    if case .ready = state { true } else { false }
  }

  package mutating func started() {
    if state != .stopping { state = .starting }
  }

  /// It takes connections.
  package mutating func listens(_ now: Instant) {
    guard state == .starting else { return }
    state = .ready(since: now)
    wasReady = true
  }

  /// The program has ended, or could not be started.
  package mutating func ended(_ now: Instant) -> Next {
    switch state {
    case .stopping: return .rest
    case .ready(let since) where now.since(since) >= Self.steadyTime: failures = 0
    case .starting, .ready, .resting: break
    }
    guard wasReady, failures < restarts else { return .giveUp }
    state = .resting
    // The first one at once: most programs that die once live on after it.
    var pause: Duration = failures == 0 ? .zero : Self.firstPause
    for _ in 0..<max(0, min(failures, 16) - 1) { pause = min(pause * 2, Self.longestPause) }
    failures += 1
    return .again(at: now + pause)
  }

  package mutating func stop() {
    state = .stopping
  }
}
