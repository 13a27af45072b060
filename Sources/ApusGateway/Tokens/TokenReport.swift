import ApusIO
import ApusJSON
import ApusModel
import ApusStore
import ApusTelemetry

/// One token as answers show it: never the part that lets its bearer in, but once.
struct TokenReport {
  let token: TokenEntry
  /// The whole text, when it was made just now.
  var text: String?
  /// What whoever made it should know.
  var warning: String?

  var json: JSON {
    var members: [(key: String, value: JSON)] = [("id", .string(token.id))]
    if let text { members.append(("token", .string(text))) }
    members.append(("scopes", .array(token.scopes.map(\.rawValue).sorted().map { .string($0) })))
    if let function = token.function {
      members += [("function", .string(function.name)), ("namespace", .string(function.namespace))]
    }
    members.append(("createdAt", Self.time(token.createdAt)))
    members.append(("expiresAt", token.expiresAt.map(Self.time) ?? .null))
    members.append(("usedAt", token.usedAt.map(Self.time) ?? .null))
    if let warning { members.append(("warning", .string(warning))) }
    return .object(members)
  }

  /// RFC 3339 in UTC, to the second.
  private static func time(_ time: WallClock) -> JSON {
    var text: [UInt8] = []
    Timestamp(seconds: time.seconds).append(to: &text, fractionDigits: 0)
    return .string(String(decoding: text, as: UTF8.self))
  }
}
