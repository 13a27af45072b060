import ApusIO
import ApusStore
import Glibc

/// Whether the key belongs to the state: a wrong one is refused before anything is sealed with it.
struct StateKey {
  private let keyPath: String
  /// Names the key that the state was last opened with: a hash, which is no secret.
  private let record: String
  private let wasThere: Bool

  /// Before the key is made, if there is none.
  init(_ folder: borrowing StateFolder) {
    keyPath = folder.keyPath
    record = "\(folder.path)/key.id"
    wasThere = access(keyPath, F_OK) == 0
  }

  /// Throws if there is no key while secrets are stored: a new one would open none of them, and whoever lost the old
  /// one shall hear of it while it may still be found.
  func checkIsThere(for secrets: Int) throws {
    guard !wasThere, secrets > 0 else { return }
    throw GatewayError(
      "the key file \(keyPath) is missing, and \(secrets) \(secrets == 1 ? "secret is" : "secrets are") stored that"
        + " nothing else opens. Put it back there, mode 0600 (apus backup --with-key saved it, if anybody did)."
        + " If it is lost, start apus-gateway once with --new-key: then each secret wants a new value"
        + " (apus secret update NAME)")
  }

  /// Throws if the key file is another state's: it opens nothing of what there is, and never did.
  ///
  /// Not an error: a key that was just made for a state that has lost its own, as somebody asked for.
  func check(_ box: SealedBox, lost: Int, of all: Int) throws {
    let id = box.keyID.map { String($0, radix: 16) }.joined(separator: ".")
    let known = read()
    if known == id { return }
    if wasThere, lost > 0, lost == all {
      throw GatewayError(
        "the key file \(keyPath) opens none of the \(all) secrets that are stored: it is the key of another state."
          + " Put the right file there; or, if that is lost, move this one away and start apus-gateway once with"
          + " --new-key: then each secret wants a new value (apus secret update NAME)")
    }
    try write(id)
  }

  private func read() -> String {
    var bytes = [UInt8](repeating: 0, count: 256)
    let raw = open(record, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard raw >= 0 else { return "" }
    let file = Descriptor(owning: raw)
    let count = Glibc.read(file.raw, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  private func write(_ id: String) throws {
    let raw = open(record, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard raw >= 0 else { throw SystemError(errno, "write", record) }
    let file = Descriptor(owning: raw)
    let bytes = Array(id.utf8)
    guard Glibc.write(file.raw, bytes, bytes.count) == bytes.count else { throw SystemError(errno, "write", record) }
  }
}
