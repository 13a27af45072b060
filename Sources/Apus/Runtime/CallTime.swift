internal import ApusModel

/// How long one call may take, and what says so.
package struct CallTime: Equatable, Sendable {
  package var limit: Duration
  /// `exec_timeout`, or the caller's `X-Timeout`.
  package var source: String

  package init(limit: Duration, source: String) {
    self.limit = limit
    self.source = source
  }
}

extension FunctionSettings {
  /// `exec_timeout`, or the caller's shorter `X-Timeout`. A gateway, which hands the socket over, may also lengthen a
  /// time that nobody set: the function's limit is its to enforce. A stranger may not.
  package func time(of request: Request) -> CallTime {
    let own = executionTime ?? FunctionSettings.usualExecutionTime
    guard let text = request.headers["X-Timeout"], let asked = try? GoDuration.parse(text), asked > .zero,
      asked < own || (executionTime == nil && isHandedOver)
    else { return CallTime(limit: own, source: "exec_timeout") }
    return CallTime(limit: asked, source: "X-Timeout")
  }
}
