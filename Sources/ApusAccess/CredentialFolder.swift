import ApusIO
import Glibc

/// The folder with the files `basic-auth-user` and `basic-auth-password`, as faas-cli and its users know them.
package struct CredentialFolder: Sendable {
  /// What `load` found or did.
  package struct Loaded: Sendable {
    package let credentials: AdminCredentials
    /// Made just now: the moment to show them once.
    package let isNew: Bool
  }

  /// Times to look again when others make files at the same moment.
  private static let tries = 4

  package let path: String

  /// Its parent must exist, but for its last component.
  package init(path: String) {
    self.path = path
  }

  var nameFile: String { path + "/basic-auth-user" }
  package var passwordFile: String { path + "/basic-auth-password" }

  /// Reads the credentials, and makes what is missing; never writes over a file.
  ///
  /// Where nothing is yet, the folder appears with both files at once. Where it already has a file (a given name, say)
  /// the other is made for it.
  package func load() throws(CredentialError) -> Loaded {
    var isNew = false
    for _ in 0..<CredentialFolder.tries {
      let name = try readIfPresent(nameFile)
      let password = try readIfPresent(passwordFile)
      if let name, let password {
        return Loaded(credentials: try checked(name: name, password: password), isNew: isNew)
      }
      if name == nil, password == nil, try makeAtOnce() {
        isNew = true
        continue
      }
      // Another start may be quicker; whose file it is shows when they are read again.
      if name == nil, try make(nameFile, AdminCredentials.randomName()) { isNew = true }
      if password == nil, try make(passwordFile, AdminCredentials.randomPassword()) { isNew = true }
    }
    throw .unsettled(path: path)
  }

  /// Puts a new password in the place of the old one, in one step, and keeps the name.
  package func rotate() throws(CredentialError) -> AdminCredentials {
    guard let name = try readIfPresent(nameFile) else {
      throw .system(SystemError(ENOENT, "read", nameFile, advice: "Start the gateway once: it makes the first pair"))
    }
    // Refuses what `load` would refuse, so that a rotation never hides that strangers could read the old one.
    _ = try readIfPresent(passwordFile)
    let credentials = try checked(name: name, password: AdminCredentials.randomPassword())
    try replace(passwordFile, credentials.password)
    return credentials
  }

  private func checked(name: String, password: String) throws(CredentialError) -> AdminCredentials {
    // RFC 7617 section 2: the first colon ends the name.
    guard !name.utf8.contains(UInt8(ascii: ":")) else {
      throw .unusable(path: nameFile, reason: "has a colon, which ends a name in Basic authentication")
    }
    return AdminCredentials(name: name, password: password)
  }
}
