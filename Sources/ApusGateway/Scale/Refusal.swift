import ApusModel

/// Why a call gets no replica, and what its caller hears.
package enum Refusal: Hashable, Sendable {
  case lineFull(length: Int, retryAfter: Duration)
  case waitedTooLong(limit: Duration, retryAfter: Duration)
  /// The call's own deadline passed while it was parked.
  case deadline
  case removed
  /// The gateway goes down.
  case closing
  /// Replicas died before they could take the call.
  case startFailed(ReplicaExit)
  /// They died before; no new one is tried until the back-off is over.
  case crashLoop(ReplicaExit, retryAfter: Duration)

  package enum Reason: Int, CaseIterable, Hashable, Sendable {
    case lineFull, waitedTooLong, deadline, removed, closing, startFailed, crashLoop

    /// As the label of the metric spells it.
    package var label: String {
      switch self {
      case .lineFull: "line_full"
      case .waitedTooLong: "waited_too_long"
      case .deadline: "deadline"
      case .removed: "removed"
      case .closing: "closing"
      case .startFailed: "start_failed"
      case .crashLoop: "crash_loop"
      }
    }
  }

  package var reason: Reason {
    switch self {
    case .lineFull: .lineFull
    case .waitedTooLong: .waitedTooLong
    case .deadline: .deadline
    case .removed: .removed
    case .closing: .closing
    case .startFailed: .startFailed
    case .crashLoop: .crashLoop
    }
  }

  /// RFC 9110 §15, and RFC 6585 §4 for 429.
  package var status: Int {
    switch self {
    case .lineFull: 429
    case .waitedTooLong, .closing, .crashLoop: 503
    case .deadline: 504
    case .removed: 404
    case .startFailed: 502
    }
  }

  /// Whole seconds for `Retry-After`, at least one (RFC 9110 §10.2.3).
  package var retryAfterSeconds: Int64? {
    switch self {
    case .lineFull(_, let wait), .waitedTooLong(_, let wait), .crashLoop(_, let wait):
      let (seconds, rest) = wait.components
      return max(1, rest > 0 && seconds < .max ? seconds + 1 : seconds)
    case .closing: return 1
    case .deadline, .removed, .startFailed: return nil
    }
  }

  /// For anybody: how a replica ended and what it wrote is not in it, only where an operator finds that.
  package var message: String {
    switch self {
    case .lineFull(let length, _):
      "all replicas are busy and \(length) calls wait already: try again later, or raise com.openfaas.scale.max"
    case .waitedTooLong(let limit, _):
      "no replica had room within \(GoDuration.format(limit)): try again later, or raise com.openfaas.scale.max"
    case .deadline: "the call's time was over before a replica had room for it"
    case .removed: "the function was removed"
    case .closing: "the gateway is stopping: try again"
    case .startFailed(let exit): "the function does not start\(exit.pointer)"
    case .crashLoop(let exit, let wait):
      "the function crashed repeatedly; the next start is tried in \(GoDuration.rounded(wait))\(exit.pointer)"
    }
  }

  /// For a caller whom the gateway knows; nil where `message` says it all.
  package var details: String? {
    switch self {
    case .startFailed(let exit): "the function does not start: \(exit.story)"
    case .crashLoop(let exit, let wait):
      "the function crashed repeatedly; the next start is tried in \(GoDuration.rounded(wait)): \(exit.story)"
    case .lineFull, .waitedTooLong, .deadline, .removed, .closing: nil
    }
  }
}
