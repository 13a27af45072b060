import ApusContract
import ApusHTTP
import ApusIO
import ApusModel

/// One call, beside its request.
struct WatchdogCall {
  /// The request's target, or that of `ready_path`.
  var target: String?
  let callID: String?
  let started = Instant.now()
  let time: CallTime
  /// What was found out about the caller, for the function.
  var findings: [(KnownField, String)] = []
  /// How long that took; nil if nobody asked.
  var authSeconds: String?

  var deadline: Instant { started + time.limit }

  init(_ head: RequestHead, _ settings: WatchdogSettings) {
    // An id that could forge a log line is none.
    callID = head.fields[.xCallID].flatMap { (try? CallID(fromClient: $0))?.text }
    time = CallTime(
      own: settings.executionTime, asked: head.fields[.xTimeout], isHandedOver: settings.isHandedOver)
  }

  /// The request as the function is to see it.
  func head(_ exchange: Exchange) -> RequestHead {
    guard target != nil || authSeconds != nil else { return exchange.head }
    var head = exchange.head
    if let target { head.setTarget(target) }
    for (name, value) in findings { try? head.fields.set(name, value) }
    if let authSeconds { try? head.fields.set("X-Auth-Seconds", authSeconds) }
    return head
  }

  /// The answer to a call whose time is over. It names the limit that ended it.
  var lateAnswer: (ResponseHead, [UInt8]) {
    failure(504, "the function did not answer in time: its \(time.source) of \(GoDuration.format(time.limit)) is over")
  }

  /// An answer of ours instead of the function's, marked as such.
  func failure(_ status: Int, _ text: String, type: String = "text/plain; charset=utf-8") -> (ResponseHead, [UInt8]) {
    var head = ResponseHead(status: status)
    // The type was checked when it was read.
    try? head.fields.append(.contentType, type)
    try? head.fields.append(.xOpenFaaSInternal, "of-watchdog")
    stamp(&head.fields)
    return (head, Array("\(text)\n".utf8))
  }

  func stamp(_ fields: inout Fields) {
    try? fields.append(.xDurationSeconds, Seconds.text(Instant.now().since(started)))
  }
}

extension Exchange {
  /// Sends one of our own answers, unless another one has begun.
  func refuse(_ answer: (head: ResponseHead, body: [UInt8])) async {
    guard !isStarted else { return }
    // A failure here is the caller's having gone: there is nobody to tell.
    try? await respond(answer.head, answer.body)
  }
}
