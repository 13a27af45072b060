import ApusIO

extension Buffer {
  /// The head of a caller's request as its upstream shall see it.
  mutating func appendForwarded(_ head: RequestHead, _ rewrite: borrowing Proxy.Rewrite, to peer: SocketAddress?) {
    // The 100 that a caller expects comes from the hop that reads its body: us.
    var removed = rewrite.removed
    removed.insert(.expect)
    let authority = head.authority
    if rewrite.target != nil || authority != nil {
      var changed = head
      changed.setTarget(rewrite.target ?? head.originForm)
      appendRequestLine(changed)
    } else {
      appendRequestLine(head)
    }
    if let authority, !removed.contains(.host) {
      // A target that names its host overrules the field, which must not say another one (RFC 9112 section 3.2.2).
      removed.insert(.host)
      append("Host: ")
      append(authority)
      append("\r\n")
    }
    appendEndToEnd(head.fields, except: removed, disguised: true, beginning: rewrite.removedPrefix)
    if !head.fields.contains(.host), !removed.contains(.host) {
      // HTTP/1.0 did without, but the request goes on as HTTP/1.1 (RFC 9112 section 3.2).
      append("Host: ")
      append(peer?.authority ?? "localhost")
      append("\r\n")
    }
    append(rewrite.added)
    appendFraming(rewrite.heldBody.map { .length(UInt64($0.count)) } ?? head.framing)
    if head.asksToChange(to: rewrite.upgrades) { appendUpgrade(head.fields) }
    append("\r\n")
  }

  /// An upstream's interim answer as the caller shall see it.
  mutating func appendForwarded(interim answer: ResponseHead) {
    appendStatusLine(answer)
    appendEndToEnd(answer.fields)
    append("\r\n")
  }

  /// The head of an upstream's answer as the caller shall see it.
  mutating func appendForwarded(
    _ answer: ResponseHead, _ rewrite: borrowing Proxy.Rewrite, framing: Framing, close: Bool, minorVersion: Int
  ) {
    appendStatusLine(answer)
    var removed = rewrite.answerRemoved
    if rewrite.measuredFrom != nil { removed.insert(.xDurationSeconds) }
    appendEndToEnd(answer.fields, except: removed)
    append(rewrite.answerAdded)
    if let measuredFrom = rewrite.measuredFrom {
      append("X-Duration-Seconds: ")
      append(Seconds.text(Instant.now().since(measuredFrom)))
      append("\r\n")
    }
    appendFraming(framing)
    if answer.status == 101 {
      appendUpgrade(answer.fields)
    } else if close {
      append("Connection: close\r\n")
    } else if minorVersion == 0 {
      append("Connection: keep-alive\r\n")
    }
    append("\r\n")
  }

  private mutating func appendUpgrade(_ fields: Fields) {
    append("Connection: Upgrade\r\n")
    fields.forEach { known, name, value in
      if known == .upgrade { appendLine(name, value) }
    }
  }
}

extension RequestHead {
  /// It asks for one of `protocols`, and for nothing else.
  func asksToChange(to protocols: [String]) -> Bool {
    wantsUpgrade && fields.soleUpgrade.map(protocols.contains) == true
  }

  /// Path and query of a target that names its host, too.
  fileprivate var originForm: String {
    if let query { return "\(path)?\(query)" }
    // RFC 9112 section 3.2.4: a question about the server as a whole.
    let isAboutServer = method == .options && withTarget { RequestTarget.path(of: $0).isEmpty }
    return isAboutServer ? "*" : path
  }
}

extension Fields {
  /// The protocol that `Upgrade` names, in lower case; nil if it names none or may name several.
  var soleUpgrade: String? {
    let lines = values("Upgrade")
    return lines.count == 1 ? lines[0].lowercased() : nil
  }
}
