import ApusHTTP
import ApusIO

/// The line of one call, as of-watchdog writes it. Never the query, fields or content (privacy).
enum CallLine {
  static func write(
    _ exchange: Exchange, callID: String?, _ duration: Duration, _ settings: WatchdogSettings, to sink: LineSink
  ) {
    guard settings.logsCalls else { return }
    // Probes come every few seconds and say nothing.
    if exchange.head.fields[.userAgent]?.hasPrefix("kube-probe") == true { return }
    var line = sink.now
    line += exchange.head.method.name.utf8
    line.append(UInt8(ascii: " "))
    line += exchange.head.path.utf8
    line += " - \(exchange.status ?? 0) - ContentLength: \(exchange.bytesSent)B (".utf8
    // Four decimals of the six.
    line += Seconds.text(duration).utf8.dropLast(2)
    line += "s)".utf8
    if settings.logsCallIDs { line += " [\(callID ?? "none")]".utf8 }
    sink.write(line)
  }
}
