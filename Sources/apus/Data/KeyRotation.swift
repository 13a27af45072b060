import ApusHTTP
import ApusIO
import ApusJSON

/// Replaces the key of accounts, in steps that can be cut at any of them: until the last one all keys open.
struct KeyRotation {
  let client: GatewayClient
  /// The operators' routes of the function.
  let root: String
  let namespace: String

  /// Between two looks: replicas with the new key start in milliseconds.
  private static let pause: Duration = .milliseconds(500)
  private static let attempts = 120

  func run(changesKey: Bool) async throws -> JSON {
    guard changesKey else { return try await seal() }
    guard let key = try await change("add")["key"]?.stringValue else {
      throw CommandError("the gateway made no key. Is it an older one?")
    }
    var (total, quiet) = (Int64(0), 0)
    for _ in 0..<Self.attempts {
      let answer = try await seal()
      if answer["key"]?.stringValue == key {
        let sealed = answer["sealed"]?.integerValue ?? 0
        total += sealed
        // Twice nothing to seal: whoever still had the old key alone is gone.
        quiet = sealed == 0 ? quiet + 1 : 0
        if quiet == 2 {
          _ = try await change("keep-first")
          return .object([
            ("accounts", answer["accounts"] ?? .null), ("sealed", .integer(total)), ("key", .string(key)),
          ])
        }
      }
      try await client.loop.sleep(until: .now() + Self.pause)
    }
    throw CommandError(
      "the function still seals with another key than \(key). Nothing is lost, all keys still open. See why it did not"
        + " start anew (apus describe), then run this again")
  }

  private func seal() async throws -> JSON {
    try await client.expect(.post, "\(root)/rotate").json()
  }

  private func change(_ keys: String) async throws -> JSON {
    let body: JSON = .object([
      ("name", .string("accounts-key")), ("namespace", .string(namespace)), ("keys", .string(keys)),
    ])
    return try await client.expect(.put, "/system/secrets", body).json()
  }
}
