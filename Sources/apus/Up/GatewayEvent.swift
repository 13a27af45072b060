import ApusJSON

/// One line of the gateway's log, for the person at the terminal.
struct GatewayEvent {
  private let members: [(key: String, value: JSON)]
  /// The line as it came.
  let raw: String

  init(_ line: [UInt8]) {
    raw = String(decoding: line, as: UTF8.self)
    members = (try? JSON.parse(line))?.objectValue ?? []
  }

  subscript(_ key: String) -> String? {
    guard let value = members.first(where: { $0.key == key })?.value else { return nil }
    return value.stringValue ?? value.integerValue.map { "\($0)" }
  }

  /// Where the gateway listens, if this is the line that says that it is ready.
  var readyURL: String? { self["message"] == "ready" ? self["url"] : nil }

  /// Where credentials were made, if they were.
  var madeCredentials: Bool { self["message"] == "made credentials" }

  var text: String {
    guard let message = self["message"] else { return raw }
    switch (message, self["replica"]) {
    case ("replica ready", let replica?):
      let seconds = members.first { $0.key == "seconds" }?.value.doubleValue ?? 0
      return "\(replica) is ready after \((seconds * 10_000).rounded() / 10) ms"
    case ("replica gone", let replica?): return "\(replica) is gone (\(cause))\(lastWords)"
    default: return other(message)
    }
  }

  /// Why a replica ended, and the reference under which its callers heard of it.
  private var cause: String {
    let cause = self["cause"] ?? "no cause known"
    guard let reference = self["reference"], !reference.isEmpty else { return cause }
    return "\(cause); reference \(reference)"
  }

  /// What it wrote last, on one line: it is a function's text, which may hold what steers a terminal.
  private var lastWords: String {
    guard let lines = self["last_lines"], !lines.isEmpty else { return "" }
    let words = lines.split { $0.isNewline }.suffix(3).map(Self.words)
    return ", having said: \(words.joined(separator: " | "))"
  }

  /// What a line says, if it is one of a log in JSON; else the line.
  private static func words(of line: Substring) -> String {
    var text = String(line)
    if line.first == "{", let json = try? JSON.parse(Array(line.utf8)), let message = json["message"]?.stringValue {
      text = json["error"]?.stringValue.map { "\(message): \($0)" } ?? message
    }
    return String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
  }

  private func other(_ message: String) -> String {
    let known: Set<String> = ["time", "level", "message"]
    return members.filter { !known.contains($0.key) }.reduce(into: message) { line, member in
      let value =
        member.value.stringValue ?? (try? member.value.serialise()).map { String(decoding: $0, as: UTF8.self) }
      line += " \(member.key)=\(value ?? "")"
    }
  }
}
