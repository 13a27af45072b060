package import ApusModel
package import ApusTelemetry

/// What `GET /system/logs?…` asks for.
package struct LogQuery: Sendable, Equatable {
  package var name = ""
  package var namespace = ""
  /// Nil: every replica.
  package var instance: String?
  /// Nil: as many as there are.
  package var tail: Int?
  package var since: Timestamp?
  /// Goes on with new lines after those that are there.
  package var follow = false
  /// Adds `stream` and `call_id` to each object; ours, not OpenFaaS's.
  package var detail = false

  package init() {}

  /// Reads the part of a URL behind its `?`, with the rules of OpenFaaS: of two values the last counts, an empty one is
  /// none, unknown names are passed over, a `follow` that is no boolean is false.
  package init(_ query: String) throws(LogQueryError) {
    for (name, value) in QueryItems(query) {
      switch name {
      case "name": self.name = value
      case "namespace": namespace = value
      case "instance": instance = value.isEmpty ? nil : value
      case "follow": follow = LogQuery.bool(value)
      case "detail": detail = LogQuery.bool(value)
      default: break
      }
    }
    let last = QueryItems(query).reduce(into: [String: String]()) { $0[$1.0] = $1.1 }
    if let text = last["tail"], !text.isEmpty {
      guard let count = Int(text) else { throw .tail(text) }
      tail = count > 0 ? count : nil
    }
    if let text = last["since"], !text.isEmpty {
      guard let time = Timestamp(rfc3339: text) else { throw .since(text) }
      since = time
    }
  }

  /// The function meant; `name` may carry the namespace where `namespace` is empty.
  package func function() throws(NameError) -> FunctionName {
    if namespace.isEmpty { return try FunctionName(name) }
    return try FunctionName(name: name, namespace: namespace)
  }

  /// As Go's strconv.ParseBool reads it.
  private static func bool(_ text: String) -> Bool {
    ["1", "t", "T", "true", "True", "TRUE"].contains(text)
  }
}

/// Why a query for logs can't be read; the answer is 422 with `message` as its body.
package enum LogQueryError: Error, Equatable, Sendable, CustomStringConvertible {
  case tail(String)
  case since(String)

  package static let status = 422
  /// What OpenFaaS answers, to the letter.
  package static let message = "could not parse the log request"

  package var description: String {
    switch self {
    case .tail(let text): "\(Self.message): tail is \(QuotedText(text)); give a number of lines, such as tail=100"
    case .since(let text):
      "\(Self.message): since is \(QuotedText(text)); give an RFC 3339 time, such as since=2026-11-21T10:00:00Z"
    }
  }
}
