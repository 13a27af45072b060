import ApusHTTP
import ApusIO
import ApusJSON

/// Replaces the key of accounts, in steps that can be cut at any of them: until the last one all keys open.
struct KeyRotation {
  let client: GatewayClient
  /// The operators' routes of the function.
  let root: String
  let namespace: String
  let function: String
  /// How long the function may take to start with the new key.
  let limit: Duration

  /// Between two looks: replicas with the new key start in milliseconds.
  private static let pause: Duration = .milliseconds(500)
  /// Rounds of sealing: each leaves only what others wrote with the old key meanwhile.
  private static let rounds = 120

  func run(changesKey: Bool) async throws -> JSON {
    guard changesKey else { return try await seal() }
    guard let key = try await change("add")["key"]?.stringValue else {
      throw CommandError("the gateway made no key. Is it an older one?")
    }
    Terminal.note("made key \(key); waiting until \(function) has started with it, \(Terminal.seconds(limit)) at most")
    let first = try await firstSeal(with: key)
    Terminal.note("\(function) has it; sealing every field anew")
    return try await sealAll(with: key, after: first)
  }

  /// What the first replica that has the key answers.
  private func firstSeal(with key: String) async throws -> JSON {
    let deadline = Instant.now() + limit
    while true {
      let answer = try await seal()
      if answer["key"]?.stringValue == key { return answer }
      guard Instant.now() < deadline else {
        throw CommandError(
          "\(function) still seals with another key than \(key). Nothing is lost, all keys still open. `apus describe"
            + " \(function)` says why it did not start anew; mend that, then run this again")
      }
      try await client.loop.sleep(until: .now() + Self.pause)
    }
  }

  /// Until there is twice nothing to seal: whoever still had the old key alone is gone then, and the old keys may go.
  private func sealAll(with key: String, after first: JSON) async throws -> JSON {
    var (answer, total, quiet) = (first, Int64(0), 0)
    for _ in 0..<Self.rounds {
      // A replica that still has the old key alone seals with that.
      let sealed = answer["key"]?.stringValue == key ? answer["sealed"]?.integerValue : nil
      total += sealed ?? 0
      quiet = sealed == 0 ? quiet + 1 : 0
      if quiet == 2 {
        _ = try await change("keep-first")
        return .object([
          ("accounts", answer["accounts"] ?? .null), ("sealed", .integer(total)), ("key", .string(key)),
        ])
      }
      try await client.loop.sleep(until: .now() + Self.pause)
      answer = try await seal()
    }
    throw CommandError(
      "accounts are still being sealed with another key than \(key). Nothing is lost, all keys still open. Has every"
        + " function with the secret accounts-key started anew? `apus list` has them; then run this again")
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
