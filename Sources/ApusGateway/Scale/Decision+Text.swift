package import ApusIO
import ApusModel

extension Decision {
  /// One line for people: when, what, why, and from which figures.
  package func text(at now: Instant) -> String {
    let age = GoDuration.rounded(now.since(lastAt))
    let change = from == to ? "\(to) replicas wanted" : "\(from) → \(to) replicas"
    let repeated = times > 1 ? " (\(times) times)" : ""
    let inputs = [
      "waiting \(counts.waiting)", "running \(counts.running)", "ready \(counts.ready)",
      "starting \(counts.starting)", "draining \(counts.draining)",
    ]
    return "\(age) ago: \(change): \(cause.text)\(repeated); \(inputs.joined(separator: ", "))"
  }
}

extension Decision.Cause {
  package var text: String {
    switch self {
    case .woken: "a call came while no replica was there, so it waits for one to start"
    case .lineGrew: "calls wait because every replica is full"
    case .demandChanged(let load, let wanted): "the load is \(Self.rounded(load)), which asks for \(wanted)"
    case .idle(let duration): "nobody called for \(GoDuration.format(duration)), so it sleeps"
    case .askedFor(let count): "somebody asked for \(count)"
    case .deployed(let generation): "generation \(generation) was deployed"
    case .triedOut(let generation): "generation \(generation) was deployed and is started once, to see whether it does"
    case .trialOver: "it has shown that it starts, nobody called, and others were deployed since, so it sleeps"
    case .promoted(let generation): "generation \(generation) is ready and takes the calls"
    case .rolloutFailed(let generation, let exit):
      "generation \(generation) does not start (\(exit.cause)), so the one before stays"
    case .replicaFailed(let id, let exit, let wasReady, let failures, let wait):
      "replica \(id) died \(wasReady ? "after" : "before") it was ready (\(exit.cause))"
        + (failures > 0 ? ", failure \(failures) in a row" : "")
        + (wait > .zero ? "; next start in \(GoDuration.rounded(wait))" : "")
    case .cutShort(let id, let calls): "replica \(id) still had \(calls) calls when its time to drain was over"
    case .refused(let reason): Self.text(of: reason)
    case .removed: "the function was removed"
    case .closing: "the gateway is stopping"
    }
  }

  private static func text(of reason: Refusal.Reason) -> String {
    switch reason {
    case .lineFull: "a call got 429 because the waiting line is full"
    case .waitedTooLong: "a call got 503 because it waited as long as the line allows"
    case .deadline: "a call got 504 because its deadline passed while it waited"
    case .removed: "a call got 404 because the function is removed"
    case .closing: "a call got 503 because the gateway is stopping"
    case .startFailed: "a call got 502 because the replica that it waited for died"
    case .crashLoop: "a call got 503 because replicas crashed repeatedly and the back-off is not over"
    }
  }

  /// Two decimals at most, and none for whole numbers.
  private static func rounded(_ load: Double) -> String {
    let hundredths = (load * 100).rounded() / 100
    if let whole = Int(exactly: hundredths) { return "\(whole)" }
    return "\(hundredths)"
  }
}
