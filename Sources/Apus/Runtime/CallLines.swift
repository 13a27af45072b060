internal import ApusHTTP
internal import ApusTelemetry

/// One log line a call, for people who watch a function run by itself. Never query, fields or content (privacy).
struct CallLines {
  private let log: Log

  init(_ log: Log) {
    self.log = log
  }

  func write(_ exchange: Exchange, _ callID: String, _ duration: Duration) {
    // Probes come every few seconds and say nothing (the contract leaves them out too).
    if exchange.head.fields[.userAgent]?.hasPrefix("kube-probe") == true { return }
    log.info(
      "\(exchange.head.method.name) \(exchange.head.path)",
      [
        "status": .integer(exchange.status ?? 0), "bytes": .integer(exchange.bytesSent),
        "seconds": .string(Seconds.text(duration)),
        "call_id": .string(callID),
      ])
  }
}
