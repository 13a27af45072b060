import ApusIO
import ApusLauncher
import ApusModel
import ApusStore
import Glibc

/// The secrets of one replica as files that it alone can read; they go with the value.
final class DeliveredSecrets: Sendable {
  let path: String
  private let names: [SecretName]

  /// Opens each and writes it as `NAME`, mode 0400, in a new folder.
  init(_ names: [SecretName], namespace: String, from store: SecretStore, below folder: String) throws {
    self.names = names
    var template = Array("\(folder)/XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw SystemError(errno, "make a folder for secrets below", folder) }
    path = String(cString: made)
    do {
      for name in names {
        try DeliveredSecrets.write(try store.open(name, namespace: namespace), to: "\(path)/\(name)")
      }
    } catch {
      DeliveredSecrets.remove(path)
      throw error
    }
  }

  private static func write(_ secret: borrowing Secret, to path: String) throws {
    let raw = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o400)
    guard raw >= 0 else { throw SystemError(errno, "write the secret", path) }
    let file = Descriptor(owning: raw)
    try secret.value.withBytes { bytes in
      var rest = bytes
      while rest.count > 0 {
        let count = Glibc.write(file.raw, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw SystemError(errno, "write the secret", path) }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }

  /// Before anybody looks: the replica's own user, who alone may read them from then on.
  func give(to owner: Isolation.Identity) throws(SystemError) {
    for path in names.map({ "\(path)/\($0)" }) + [path] where chown(path, owner.user, owner.group) != 0 {
      throw SystemError(errno, "give to the function's user the secret", path)
    }
  }

  deinit {
    DeliveredSecrets.remove(path)
  }

  /// The folder is ours and flat.
  private static func remove(_ path: String) {
    guard let listing = opendir(path) else { return }
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { unlink("\(path)/\(name)") }
    }
    closedir(listing)
    rmdir(path)
  }
}
