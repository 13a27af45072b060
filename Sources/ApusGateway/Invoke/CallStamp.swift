import ApusAccess
import ApusHTTP
import ApusIO
import ApusModel
import ApusStore

/// What the gateway says about one call, to the function and to the caller: its id, when it came, how long it may take.
struct CallStamp {
  let callID: String
  let started = Instant.now()
  private let wall = WallClock.now()
  private var askedLimit: Duration?
  private let forwarded: ForwardedFields
  /// The caller sent a key of the gateway's though nobody asked for one.
  private let hasToken: Bool
  /// Whoever was let in by name: the function is told, and not given the key.
  var caller = Caller.anonymous

  init(_ exchange: Exchange, _ trusted: TrustedProxies, _ ids: inout CallIDSource) {
    let head = exchange.head
    hasToken = head.fields.contains(.authorization) && Self.hasToken(head.fields)
    forwarded = ForwardedFields(
      peer: exchange.peer, trusted: trusted, fields: head.fields, scheme: exchange.isSecure ? "https" : "http",
      host: head.authority ?? head.fields[.host])
    let given = head.fields[.xCallID].flatMap { try? CallID(fromClient: $0) }
    callID = (given ?? ids.next()).text
  }

  /// Takes the caller's `X-Timeout`, or says what is wrong with it: taken for none, it would be 60 s where 5 were
  /// meant.
  mutating func takeLimit(_ fields: Fields) -> String? {
    guard let text = fields[.xTimeout] else { return nil }
    do throws(GoDurationError) {
      let limit = try GoDuration.parse(text)
      guard limit > .zero else { return "X-Timeout: \(GoDuration.format(limit)) is no time to answer in" }
      guard fields.values("X-Timeout").count == 1 else { return "X-Timeout: given twice, and only one would count" }
      askedLimit = limit
      return nil
    } catch {
      return "X-Timeout: \(error)"
    }
  }

  /// A caller may ask for less time than the function has, not for more.
  func limit(within own: Duration) -> Duration { min(askedLimit ?? own, own) }

  /// Whether the caller asked for this limit.
  func isAsked(_ limit: Duration) -> Bool { askedLimit == limit }

  /// The call as its function shall see it.
  func rewrite(_ target: InvokeTarget, timeLeft: Duration) -> Proxy.Rewrite {
    var rewrite = Proxy.Rewrite()
    rewrite.target = target.rest
    // What the gateway alone may say; a caller who says it is not believed.
    rewrite.removed = ForwardedFields.removed.union([.xCallID, .xStartTime, .xTimeout, .xApusSubject, .xApusScopes])
    rewrite.removedPrefix = "x-apus-"
    rewrite.added = Array(lines.utf8) + forwarded.lines
    if let subject = caller.subjectField {
      rewrite.removed.insert(.authorization)
      rewrite.added += Array("X-Apus-Subject: \(subject)\r\nX-Apus-Scopes: \(caller.scopes)\r\n".utf8)
    }
    // Whoever has it could do with it what its bearer may, which is more than to answer one call.
    if hasToken { rewrite.removed.insert(.authorization) }
    let milliseconds = max(1, timeLeft.nanosecondsClamped / 1_000_000)
    rewrite.added += Array("X-Timeout: \(milliseconds)ms\r\n".utf8)
    rewrite.answerRemoved = [.xCallID, .xStartTime]
    rewrite.answerAdded = Array(lines.utf8)
    return rewrite
  }

  @inline(never)
  private static func hasToken(_ fields: Fields) -> Bool {
    fields.values("Authorization").contains { value in
      switch AuthorizationField(value: Array(value.utf8)) {
      case .basic(let name, let password): TokenStore.isToken(name) || TokenStore.isToken(password)
      // However it is spelt: a scheme that is not known, quotes, words behind it.
      default: TokenStore.isWithin(value)
      }
    }
  }

  private var lines: String {
    "X-Call-Id: \(callID)\r\nX-Start-Time: \(wall.seconds * 1_000_000_000 + Int64(wall.nanoseconds))\r\n"
  }

  func stamp(_ fields: inout Fields) {
    // Both are well formed.
    try? fields.append(.xCallID, callID)
  }
}
