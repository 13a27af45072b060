internal import ApusHTTP
package import ApusIO
internal import ApusModel
package import ApusTelemetry

/// What the runtime tells a handler about the call that it answers.
public struct Context: Sendable {
  /// The call's id, in every log line about it.
  public let callID: String

  let end: Instant
  private let headers: Headers
  private let peer: SocketAddress?
  private let surroundings: Surroundings

  /// What is the same for all calls of a function.
  package final class Surroundings: Sendable {
    let settings: FunctionSettings
    let log: Log
    let secrets: Secrets
    let background: BackgroundWork

    package init(_ settings: FunctionSettings, log: Log, secrets: Secrets, background: BackgroundWork) {
      self.settings = settings
      self.log = log
      self.secrets = secrets
      self.background = background
    }
  }

  /// What few handlers ask for is worked out when it is asked for.
  package init(
    _ request: Request, callID: String, peer: SocketAddress?, end: Instant, _ surroundings: Surroundings
  ) {
    self.callID = callID
    self.end = end
    self.peer = peer
    self.surroundings = surroundings
    headers = request.headers
  }

  /// The function's name; the program's if nobody gave it one.
  public var functionName: String { surroundings.settings.name }

  /// The function's namespace.
  public var namespace: String { surroundings.settings.namespace }

  /// The address of the caller as far as it can be trusted; nil if it is not known.
  public var clientAddress: String? {
    surroundings.settings.trustedProxies.client(
      forwardedFor: headers.values("X-Forwarded-For"), peer: peer?.host)
  }

  /// The W3C trace that the call belongs to.
  public var trace: TraceContext? { TraceContext(headers) }

  /// Writes log lines that carry the call's id.
  public var log: Logger { Logger(log: surroundings.log.with(["call_id": .string(callID)])) }

  /// The instant at which the call ends: an answer after it reaches nobody.
  public var deadline: ContinuousClock.Instant { .now + timeLeft }

  /// How long the handler still has; zero when the time is up.
  public var timeLeft: Duration { end.since(.now()) }

  /// The secret `name`, as it was stored.
  ///
  /// - Throws: `SecretError` if the function was not given it.
  public func secret(_ name: String) throws(SecretError) -> Secret {
    try surroundings.secrets.read(name)
  }

  /// Starts work that goes on after the answer. When the function is stopped it is waited for, as long as calls are.
  public func inBackground(_ work: @escaping @Sendable () async -> Void) {
    surroundings.background.start(work)
  }
}
