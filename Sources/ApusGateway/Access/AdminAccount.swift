package import ApusAccess
import Synchronization

/// The administrator: the name and password that count now, and the folder that keeps them.
package final class AdminAccount: Sendable {
  package let folder: CredentialFolder
  private let current: Mutex<AdminCredentials>
  /// Held while the files are read or written, so that what counts is what is in them.
  private let files = Mutex<Void>(())

  package init(_ folder: CredentialFolder, _ credentials: AdminCredentials) {
    self.folder = folder
    current = Mutex(credentials)
  }

  func matches(name: String, password: String) -> Bool {
    current.withLock { $0 }.match(name: name, password: password)
  }

  func isNamed(_ name: String) -> Bool { current.withLock { $0.name == name } }

  /// Whether trying leads nowhere, so that nobody has to be kept from it.
  var isUnguessable: Bool { current.withLock { $0 }.isUnguessable }

  /// Makes a new password, which counts from here on; the old one no longer does. It writes files, so not on a loop.
  func rotate() throws(CredentialError) -> AdminCredentials {
    try change { folder throws(CredentialError) in try folder.rotate() }
  }

  /// Takes up what the files say now, which somebody may have written since; true if that is something else. It reads
  /// files, so not on a loop that serves.
  package func reload() throws(CredentialError) -> Bool {
    let old = current.withLock { $0 }
    let new = try change { folder throws(CredentialError) in try folder.load().credentials }
    return !old.match(name: new.name, password: new.password)
  }

  private func change(
    _ body: (CredentialFolder) throws(CredentialError) -> AdminCredentials
  ) throws(CredentialError) -> AdminCredentials {
    try files.withLock { _ throws(CredentialError) in
      let new = try body(folder)
      current.withLock { $0 = new }
      return new
    }
  }
}
