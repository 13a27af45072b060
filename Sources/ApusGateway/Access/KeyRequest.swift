import ApusAccess
import ApusHTTP
import ApusIO
import ApusModel
import ApusTelemetry

/// Asks an issuer for its keys as anybody would: by a call of the function, which wakes it if it sleeps.
struct KeyRequest {
  let issuer: FunctionName
  /// Of the call that needs the keys, so that the issuer's log lines can be told to belong to it.
  let callID: String
  let functions: FunctionTable
  let log: Log

  /// A replica that is gone before it took the call costs the second attempt.
  private static let attempts = 2

  /// The keys; nil if they are not to be had, and then the log says why. On the loop of `upstreams`.
  func keys(over upstreams: Upstreams) async -> KeySet? {
    do {
      return try KeySet(jwks: try await document(over: upstreams))
    } catch {
      log.warning(
        "the keys of an issuer can't be read", ["function": .string("\(issuer)"), "error": .string("\(error)")])
      return nil
    }
  }

  private func document(over upstreams: Upstreams) async throws -> [UInt8] {
    guard let function = functions[issuer] else { throw KeyRequestError("there is no such function: deploy it") }
    let started = Instant.now()
    let deadline = started + AccessLimits.keyAnswer
    function.metrics.started()
    var status = 502
    defer { function.metrics.ended(status: status, after: Instant.now().since(started)) }
    var attempt = 1
    while true {
      let place: DeployedFunction.Place
      do throws(PlacingError) {
        place = try await function.place(before: deadline, Steadfast())
      } catch {
        guard case .refused(let refusal) = error else { throw error }
        status = refusal.status
        throw KeyRequestError(refusal.message)
      }
      let upstream = upstreams[place.address]
      let lease = place.lease
      let (answer, body): (ResponseHead, [UInt8])
      do {
        (answer, body) = try await upstream.ask(request(deadline), before: deadline, limit: AccessLimits.keySetBytes)
      } catch {
        lease.end(.failed)
        if attempt == Self.attempts || Instant.now() >= deadline { throw error }
        attempt += 1
        continue
      }
      lease.end(.answered(status: answer.status))
      status = answer.status
      if status == 200 { return body }
      throw KeyRequestError("/.well-known/jwks.json is answered with \(status), not 200")
    }
  }

  private func request(_ deadline: Instant) throws(FieldError) -> RequestHead {
    var head = RequestHead(method: .get, target: "/.well-known/jwks.json", fields: Fields())
    try head.fields.append(.host, "localhost")
    try head.fields.append(.accept, "application/json")
    try head.fields.append(.xCallID, callID)
    let milliseconds = max(1, deadline.since(.now()).nanosecondsClamped / 1_000_000)
    try head.fields.append(.xTimeout, "\(milliseconds)ms")
    return head
  }
}

/// Why an issuer's keys are not to be had.
struct KeyRequestError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// A caller that stays: the keys are for all calls, not for the one that needed them first.
private final class Steadfast: CallerWatch {
  var onCallerLeft: (any HangUpObserver)?
}
