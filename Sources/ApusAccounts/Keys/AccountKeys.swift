package import ApusAccess
import CSodium

/// The keys of the secret `accounts-key`: the first seals and signs, all open and are published.
package struct AccountKeys: Sendable {
  package struct Key: Sendable {
    package let id: String
    /// For fields at rest.
    let sealing: [UInt8]
    /// For names in the record of events, so that it tells nothing about logins that do not exist.
    let naming: [UInt8]
    package let signing: SigningKey
  }

  package let keys: [Key]

  /// Lines `keyid:base64(32 bytes)`; one bare base64 line counts as key `1`.
  package init(_ text: String) throws(AccountError) {
    let lines = text.split { $0 == "\n" || $0 == "\r\n" }.map { line in line.filter { $0 != " " && $0 != "\t" } }
      .filter { !$0.isEmpty }
    guard (1...AccountLimits.keys).contains(lines.count) else {
      throw AccountKeys.unusable("has \(lines.count) lines; 1 to \(AccountLimits.keys) are taken")
    }
    var keys: [Key] = []
    for (index, line) in lines.enumerated() {
      let parts = line.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2 || lines.count == 1 && parts.count == 1 else {
        throw AccountKeys.unusable("has a line \(index + 1) that is not keyid:base64")
      }
      let id = parts.count == 2 ? String(parts[0]) : "1"
      guard AccountKeys.isID(id), !keys.contains(where: { $0.id == id }) else {
        throw AccountKeys.unusable("has a line \(index + 1) whose key id is empty, strange or there twice")
      }
      let base64 = parts[parts.count - 1]
      guard var bytes = Sodium.base64(base64.utf8, base64.last == "=" ? .padded : .unpadded), bytes.count == 32 else {
        throw AccountKeys.unusable("has a line \(index + 1) that is not base64 of 32 bytes")
      }
      keys.append(try AccountKeys.key(id, bytes))
      Sodium.wipe(&bytes)
    }
    self.keys = keys
  }

  /// The key that seals and signs.
  package var first: Key { keys[0] }

  package subscript(id: String) -> Key? { keys.first { $0.id == id } }

  private static func key(_ id: String, _ bytes: [UInt8]) throws(AccountError) -> Key {
    guard let signing = SigningKey(seed: derived(bytes, 1, "apus-jwt")) else {
      throw unusable("gives no signing key")
    }
    return Key(
      id: id, sealing: derived(bytes, 2, "apusseal"), naming: derived(bytes, 3, "apusname"), signing: signing)
  }

  /// crypto_kdf(3): independent keys for independent purposes out of one.
  private static func derived(_ key: [UInt8], _ number: UInt64, _ context: StaticString) -> [UInt8] {
    var derived = [UInt8](repeating: 0, count: 32)
    context.withUTF8Buffer { context in
      context.withMemoryRebound(to: CChar.self) { context in
        guard let base = context.baseAddress else { return }
        crypto_kdf_derive_from_key(&derived, derived.count, number, base, key)
      }
    }
    return derived
  }

  private static func isID(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || byte == 0x2D || byte == 0x5F
      }
  }

  private static func unusable(_ reason: String) -> AccountError {
    AccountError(
      .settings, "the secret accounts-key \(reason)",
      advice: "Put `keyid:base64` of 32 random bytes into it, one line for each key, the one that seals first")
  }
}

extension AccountKeys: CustomStringConvertible, CustomReflectable {
  /// The ids alone.
  package var description: String { "keys \(keys.map(\.id).joined(separator: ", "))" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension AccountKeys.Key: CustomStringConvertible, CustomReflectable {
  package var description: String { "key \(id)" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
