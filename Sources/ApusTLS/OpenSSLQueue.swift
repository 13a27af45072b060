import COpenSSL

/// What OpenSSL said on this thread, oldest first: the first entry is the cause, the others are those who passed it on.
struct OpenSSLQueue {
  struct Entry {
    let library: CInt
    let reason: CInt
    let text: String
  }
  private(set) var entries: [Entry] = []

  /// Takes what is there. Nothing that concerns OpenSSL may run between the call that failed and this one.
  static func drain() -> OpenSSLQueue {
    var queue = OpenSSLQueue()
    while case let code = ERR_get_error(), code != 0 {
      let text = ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
      queue.entries.append(Entry(library: ERR_GET_LIB(code), reason: ERR_GET_REASON(code), text: text))
    }
    return queue
  }

  var text: String { entries.first?.text ?? "" }

  /// The first entry of libssl's own, which says what became of a handshake.
  var session: Entry? { entries.first { $0.library == ERR_LIB_SSL } }

  func contains(_ library: CInt, _ reason: CInt) -> Bool {
    entries.contains { $0.library == library && $0.reason == reason }
  }
}
