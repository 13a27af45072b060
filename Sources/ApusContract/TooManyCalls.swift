package import ApusHTTP

/// The answer to a call above `max_inflight`, to the letter of the contract.
package struct TooManyCalls {
  package let head: ResponseHead
  package let body: [UInt8]

  package init(limit: Int) {
    var head = ResponseHead(status: 429)
    // Both are well formed.
    try? head.fields.append(.contentType, "text/plain")
    try? head.fields.append(.xOpenFaaSInternal, "faas-middleware")
    self.head = head
    body = Array("Concurrent request limit exceeded. Max concurrent requests: \(limit)\n".utf8)
  }
}
