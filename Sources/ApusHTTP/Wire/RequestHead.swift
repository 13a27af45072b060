/// Method, target, fields, and what they say about the content and the connection.
///
/// Keep one per connection and parse into it again and again: it then allocates nothing, unless a copy lives on.
package struct RequestHead: Sendable {
  package var method: Method = .get
  package var fields = Fields()
  /// HTTP/1.minor.
  package var minorVersion = 1
  package var framing: Framing = .none
  /// Whether the peer wants to go on after this message (RFC 9112 section 9.3).
  package var keepsAlive = true
  /// Whether the peer waits for a 100 before it sends content; false if there is none to send.
  package var expectsContinue = false
  /// Whether `Upgrade` is there and `Connection` names it (RFC 9110 section 7.8).
  package var wantsUpgrade = false
  var targetBytes: [UInt8] = []
  /// A parser is in the midst of it: only that parser's next call may go on with it.
  var isPartial = false

  /// Empty, ready to be parsed into.
  package init() {}

  /// For clients. What may not stand in a target is percent-encoded, so that a target can't forge fields; an empty one
  /// becomes `/`.
  package init(method: Method, target: String, fields: Fields) {
    self.method = method
    self.fields = fields
    setTarget(target)
  }

  /// Byte for byte as it came: nothing is decoded.
  package var target: String { withTarget { String(decoding: $0, as: UTF8.self) } }

  /// The target's path, not decoded. `/` if an absolute form has none, `*` for `OPTIONS *`, empty for `CONNECT`.
  package var path: String { withPath { String(decoding: $0, as: UTF8.self) } }

  /// What follows the first `?`, not decoded; nil without one.
  package var query: String? {
    withTarget { target in
      RequestTarget.query(of: target).map { String(decoding: target[$0], as: UTF8.self) }
    }
  }

  /// The host and port of an absolute form, which then count instead of `Host` (RFC 9112 section 3.2.2), else nil.
  package var authority: String? {
    withTarget { target in
      RequestTarget.authority(of: target).map { String(decoding: target[$0], as: UTF8.self) }
    }
  }

  package func withTarget<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    targetBytes.withUnsafeBytes(body)
  }

  /// `path` without making a string of it.
  package func withPath<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    withTarget { target in
      let path = RequestTarget.path(of: target)
      if path.isEmpty, method != .connect {
        let slash: StaticString = "/"
        return body(UnsafeRawBufferPointer(start: slash.utf8Start, count: 1))
      }
      return body(UnsafeRawBufferPointer(rebasing: target[path]))
    }
  }

  /// The target from its path on: without the scheme and the host that an absolute form has before it.
  package func withPathAndQuery<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    withTarget { target in
      body(UnsafeRawBufferPointer(rebasing: target[RequestTarget.path(of: target).lowerBound...]))
    }
  }

  /// Replaces the target, as a proxy does that takes a prefix away.
  package mutating func setTarget(_ target: String) {
    targetBytes.removeAll(keepingCapacity: true)
    for byte in target.utf8 {
      if ByteSet.target.contains(byte) {
        targetBytes.append(byte)
      } else {
        let digits: StaticString = "0123456789ABCDEF"
        targetBytes += [UInt8(ascii: "%"), digits.utf8Start[Int(byte >> 4)], digits.utf8Start[Int(byte & 15)]]
      }
    }
    if targetBytes.isEmpty { targetBytes.append(UInt8(ascii: "/")) }
  }

  /// Forgets the message and keeps the memory.
  package mutating func removeAll() {
    method = .get
    fields.removeAll()
    targetBytes.removeAll(keepingCapacity: true)
    minorVersion = 1
    framing = .none
    keepsAlive = true
    expectsContinue = false
    wantsUpgrade = false
    isPartial = false
  }
}
