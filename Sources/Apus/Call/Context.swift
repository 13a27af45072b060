internal import ApusHTTP
package import ApusIO
internal import ApusModel
package import ApusTelemetry

/// What the runtime tells a handler about the call that it answers.
public struct Context: Sendable {
  /// The call's id, in every log line about it.
  public let callID: String
  /// The function's name; the program's if nobody gave it one.
  public let functionName: String
  /// The function's namespace.
  public let namespace: String
  /// The address of the caller as far as it can be trusted; nil if it is not known.
  public let clientAddress: String?
  /// The W3C trace that the call belongs to.
  public let trace: TraceContext?
  /// Writes log lines that carry the call's id.
  public let log: Logger

  let end: Instant
  let secrets: Secrets
  let background: BackgroundWork

  package init(
    callID: String, functionName: String, namespace: String, clientAddress: String?, trace: TraceContext?, log: Log,
    end: Instant, secrets: Secrets, background: BackgroundWork
  ) {
    self.callID = callID
    self.functionName = functionName
    self.namespace = namespace
    self.clientAddress = clientAddress
    self.trace = trace
    self.log = Logger(log: log.with(["call_id": .string(callID)]))
    self.end = end
    self.secrets = secrets
    self.background = background
  }

  /// The instant at which the call ends: an answer after it reaches nobody.
  public var deadline: ContinuousClock.Instant { .now + timeLeft }

  /// How long the handler still has; zero when the time is up.
  public var timeLeft: Duration { end.since(.now()) }

  /// The secret `name`, as it was stored.
  ///
  /// - Throws: `SecretError` if the function was not given it.
  public func secret(_ name: String) throws(SecretError) -> Secret {
    try secrets.read(name)
  }

  /// Starts work that goes on after the answer. When the function is stopped it is waited for, as long as calls are.
  public func inBackground(_ work: @escaping @Sendable () async -> Void) {
    background.start(work)
  }
}
