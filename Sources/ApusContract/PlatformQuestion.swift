package import ApusHTTP

/// What the platform asks on its own paths; all others are the function's.
package enum PlatformQuestion: Sendable {
  case health
  case ready
  /// One of both, asked by another method than GET.
  case wrongMethod

  package init?(_ head: borrowing RequestHead) {
    let path = head.path
    guard path == "/_/health" || path == "/_/ready" else { return nil }
    guard head.method == .get else {
      self = .wrongMethod
      return
    }
    self = path == "/_/health" ? .health : .ready
  }

  package static var methodRefusal: ResponseHead {
    var head = ResponseHead(status: 405)
    // Well formed.
    try? head.fields.append(.allow, "GET")
    return head
  }
}
