package import ApusIO
internal import ApusModel
internal import Glibc

/// A secret's value. It prints as `***`, so that it does not end up in a log.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The bytes as they were stored.
  public let bytes: [UInt8]

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The value as text without a final line break, as editors leave one; nil if it is not UTF-8.
  public var text: String? {
    guard var text = String(validating: bytes, as: UTF8.self) else { return nil }
    if text.last == "\n" || text.last == "\r\n" { text.removeLast() }
    return text
  }

  /// `***`.
  public var description: String { "***" }
  /// `***`.
  public var debugDescription: String { "***" }
  /// Nothing: `dump` shows no byte.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A secret that can't be had.
public struct SecretError: Error, Sendable, CustomStringConvertible {
  /// What happened and what to do.
  public let description: String
  /// The function was not given such a secret; otherwise it was, and it can't be read.
  public internal(set) var isMissing = false
}

/// The secret `name`, before any call: for start hooks, which have no context.
///
/// - Throws: `SecretError` if the function was not given it.
public func secret(_ name: String) throws(SecretError) -> Secret {
  try Secrets(.current()).read(name)
}

/// The secrets that the function was given: one file each.
package struct Secrets: Sendable {
  /// In the order in which they are tried.
  package let folders: [String]
  /// Those that a test gives; they come first.
  private var given: [String: [UInt8]] = [:]

  /// No secret is larger: the gateway and Kubernetes take 1 MiB.
  static let limit = 1 << 20

  /// Secrets as a test gives them, and no others.
  package init(given: [String: [UInt8]]) {
    folders = []
    self.given = given
  }

  package init(_ environment: ProcessEnvironment) {
    let usual = "/var/openfaas/secrets"
    let given = environment["secret_mount_path"] ?? ""
    folders = given.isEmpty ? [usual] : [given, usual]
  }

  package func read(_ text: String) throws(SecretError) -> Secret {
    let name: SecretName
    do throws(NameError) {
      name = try SecretName(text)
    } catch {
      throw SecretError(description: "\(error)")
    }
    if let bytes = given[text] { return Secret(bytes: bytes) }
    for folder in folders {
      if let bytes = try file("\(folder)/\(name)") { return Secret(bytes: bytes) }
    }
    let places = folders.isEmpty ? "what the test gave" : folders.joined(separator: " nor ")
    throw SecretError(
      description: "the secret “\(name)” is not in \(places)."
        + " List it under `secrets:` of the function in stack.yml, and create it (apus secret create \(name))",
      isMissing: true)
  }

  /// The file's bytes; nil if there is no such file.
  private func file(_ path: String) throws(SecretError) -> [UInt8]? {
    let raw = open(path, O_RDONLY | O_CLOEXEC)
    if raw < 0 {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw SecretError(description: "\(SystemError(errno, "read the secret", path))")
    }
    let descriptor = Descriptor(owning: raw)
    var bytes: [UInt8] = []
    while true {
      let count = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
        let count = Glibc.read(descriptor.raw, buffer.baseAddress, buffer.count)
        if count > 0 { bytes.append(contentsOf: buffer.prefix(count)) }
        return count
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw SecretError(description: "\(SystemError(errno, "read the secret", path))")
      }
      if count == 0 { return bytes }
      guard bytes.count <= Secrets.limit else {
        throw SecretError(description: "the secret \(path) has more than \(Secrets.limit) bytes. Store less in it")
      }
    }
  }
}
