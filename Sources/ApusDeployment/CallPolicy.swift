package import ApusModel

/// How calls of a function are treated: how long they may take, and who may make them.
package struct CallPolicy: Hashable, Sendable {
  package enum Access: Hashable, Sendable {
    case anyone
    /// Whoever has a token with scope invoke.
    case token
    /// Whoever has a JWT that this function issued.
    case jwt(issuer: FunctionName)
  }

  /// Until the answer begins, and until it is complete if it is not a stream.
  package var timeout: Duration
  /// How long a stream or WebSocket may be still.
  package var streamTimeout: Duration
  package var access: Access

  package init(
    timeout: Duration = .seconds(60), streamTimeout: Duration = .seconds(300), access: Access = .anyone
  ) {
    self.timeout = timeout
    self.streamTimeout = streamTimeout
    self.access = access
  }
}
