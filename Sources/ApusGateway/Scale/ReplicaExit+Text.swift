import ApusJSON

extension ReplicaExit {
  /// For a caller whom the gateway knows: why it ended, where more is to be found, and what it wrote last.
  var story: String {
    let lines = lastLines.isEmpty ? "" : "\n\(lastLines)"
    return "\(cause)\(pointer)\(lines)"
  }

  /// For anybody: where an operator finds the story.
  var pointer: String {
    reference.isEmpty ? "" : " (reference \(reference), under which the gateway's log says why)"
  }

  /// For lists: why it ended, and the last line that it wrote.
  var summary: String {
    guard let line = lastLines.split(separator: "\n").last else { return cause }
    let words = Self.words(of: line)
    let plain = String(String.UnicodeScalarView(words.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    return "\(cause): \(plain.prefix(200))"
  }

  /// Of a line of JSON, as the SDK's log has them, what it says.
  private static func words(of line: Substring) -> String {
    guard line.first == "{", let json = try? JSON.parse(Array(line.utf8)), let message = json["message"]?.stringValue
    else { return String(line) }
    return json["error"]?.stringValue.map { "\(message): \($0)" } ?? message
  }

  /// What the caller hears whose call had no answer because of it.
  var messageToCaller: String {
    guard isOutOfMemory else { return "the function ended during the call, without an answer\(pointer)" }
    return "the function ran out of memory during the call\(pointer): ask for less at once, or raise its limits.memory"
  }

  /// The same for a caller whom the gateway knows.
  var details: String { "the function ended during the call, without an answer: \(story)" }
}
