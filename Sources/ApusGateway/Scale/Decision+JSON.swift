import ApusIO
import ApusJSON
import ApusModel
import ApusTelemetry

extension Decision {
  /// The same as `text` for programs: what, why, when, and from which figures.
  func json(at now: Instant) -> JSON {
    var members: [(key: String, value: JSON)] = [
      ("at", .string(time(at: now))), ("text", .string(text(at: now))), ("from", .count(from)), ("to", .count(to)),
      ("times", .count(times)),
    ]
    members += cause.members
    members += [
      ("waiting", .count(counts.waiting)), ("running", .count(counts.running)), ("ready", .count(counts.ready)),
      ("starting", .count(counts.starting)), ("draining", .count(counts.draining)),
    ]
    return .object(members)
  }

  /// When it was last taken, to the millisecond.
  private func time(at now: Instant) -> String {
    let wall = WallClock.now()
    let age = now.since(lastAt).nanosecondsClamped
    let nanoseconds = wall.seconds * 1_000_000_000 + wall.nanoseconds - max(0, age)
    let time = Timestamp(
      seconds: nanoseconds / 1_000_000_000, nanoseconds: Int32(nanoseconds % 1_000_000_000))
    var text: [UInt8] = []
    time.append(to: &text, fractionDigits: 3)
    return String(decoding: text, as: UTF8.self)
  }
}

extension Decision.Cause {
  /// `cause`, and what is behind it.
  fileprivate var members: [(key: String, value: JSON)] {
    switch self {
    case .woken: Self.cause("woken")
    case .lineGrew: Self.cause("line_grew")
    case .demandChanged(let load, let wanted):
      Self.cause("demand_changed", ("load", .number(load)), ("wanted", .count(wanted)))
    case .idle(let duration): Self.cause("idle", ("seconds", .seconds(duration)))
    case .askedFor(let count): Self.cause("asked_for", ("wanted", .count(count)))
    case .deployed(let generation): Self.cause("deployed", ("generation", .count(generation)))
    case .triedOut(let generation): Self.cause("tried_out", ("generation", .count(generation)))
    case .trialOver: Self.cause("trial_over")
    case .promoted(let generation): Self.cause("promoted", ("generation", .count(generation)))
    case .rolloutFailed(let generation, let exit):
      Self.cause("rollout_failed", ("generation", .count(generation)), ("exit", .string(exit.cause)))
    case .replicaFailed(let id, let exit, let wasReady, let failures, let wait):
      Self.cause(
        "replica_failed", ("replica", .count(Int(clamping: id.number))), ("exit", .string(exit.cause)),
        ("wasReady", .bool(wasReady)), ("failures", .count(failures)), ("retrySeconds", .seconds(max(wait, .zero))))
    case .cutShort(let id, let calls):
      Self.cause("cut_short", ("replica", .count(Int(clamping: id.number))), ("calls", .count(calls)))
    case .refused(let reason): Self.cause("refused", ("reason", .string(reason.label)))
    case .removed: Self.cause("removed")
    case .closing: Self.cause("closing")
    }
  }

  private static func cause(_ word: String, _ more: (key: String, value: JSON)...) -> [(key: String, value: JSON)] {
    [("cause", .string(word))] + more
  }
}

extension JSON {
  fileprivate static func count(_ count: Int) -> JSON { .integer(Int64(count)) }

  fileprivate static func seconds(_ duration: Duration) -> JSON { .number(duration / .seconds(1)) }
}
