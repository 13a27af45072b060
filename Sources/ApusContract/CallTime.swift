internal import ApusModel

/// How long one call may take, and what says so.
package struct CallTime: Equatable, Sendable {
  package var limit: Duration
  /// `exec_timeout`, or the caller's `X-Timeout`.
  package var source: String

  /// While nobody sets one.
  package static let usual: Duration = .seconds(30)

  package init(limit: Duration, source: String) {
    self.limit = limit
    self.source = source
  }

  /// `own`, or the caller's shorter `asked`, the value of `X-Timeout`. A gateway, which hands the socket over, may also
  /// lengthen a time that nobody set: the function's limit is its to enforce. A stranger may not.
  package init(own: Duration?, asked: String?, isHandedOver: Bool) {
    let limit = own ?? CallTime.usual
    guard let asked, let given = try? GoDuration.parse(asked), given > .zero,
      given < limit || (own == nil && isHandedOver)
    else {
      self.init(limit: limit, source: "exec_timeout")
      return
    }
    self.init(limit: given, source: "X-Timeout")
  }
}
