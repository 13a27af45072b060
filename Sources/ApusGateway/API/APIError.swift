package import ApusHTTP
import ApusModel

/// A refusal of the gateway: what happened, what it means, what to do, and the status that says it to programs.
///
/// Plain text as faas-cli prints it; RFC 9457 problem JSON for whoever asks for JSON.
package struct APIError: Error, CustomStringConvertible, Sendable {
  package var status: Int
  /// The last part of the problem's type.
  package var code: String
  package var message: String
  /// What to do, where the text alone must stay what programs know.
  package var advice: String?
  package var fields: [(KnownField, String)] = []

  /// For logs, which have room for both.
  package var description: String { advice.map { "\(message): \($0)" } ?? message }

  package init(status: Int, _ code: String, _ message: String) {
    self.status = status
    self.code = code
    self.message = message
  }

  /// `isAsked`: the caller asked for that time.
  init(timeout limit: Duration, isAsked: Bool) {
    let time = GoDuration.format(limit)
    self.init(
      status: 504, "timeout",
      isAsked
        ? "the function did not answer within the \(time) that X-Timeout asked for: ask for more time, or less at once"
        : "the function did not answer within its timeout of \(time): ask for less at once, or raise com.apus.timeout")
  }

  init(_ refusal: Refusal, limit: Duration, isAsked: Bool) {
    if refusal.reason == .deadline {
      self.init(timeout: limit, isAsked: isAsked)
    } else {
      self.init(status: refusal.status, refusal.reason.label, refusal.message)
    }
    if let seconds = refusal.retryAfterSeconds { fields.append((.retryAfter, "\(seconds)")) }
  }
}
