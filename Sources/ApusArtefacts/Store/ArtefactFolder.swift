/// A stored artefact, ready to be started from. As long as a copy of it lives, its folder stays.
package struct ArtefactFolder: Sendable {
  package let name: ArtefactName
  /// The folder itself, no link: absolute, and never changed once it is there.
  package let path: String
  /// Whether it has an executable file `handler`; otherwise `envProcess` says what is run.
  package let hasHandler: Bool
  private let use: ContentUse

  init(name: ArtefactName, path: String, hasHandler: Bool, use: ContentUse) {
    self.name = name
    self.path = path
    self.hasHandler = hasHandler
    self.use = use
  }

  /// Of the archive that was uploaded.
  package var sha256: SHA256Digest { use.sha256 }
}

/// Keeps a content from `garbage`, from its making to its end.
final class ContentUse: Sendable {
  let sha256: SHA256Digest
  private let store: ArtefactStore

  init(of sha256: SHA256Digest, in store: ArtefactStore) {
    self.sha256 = sha256
    self.store = store
    store.hold(sha256)
  }

  deinit {
    store.release(sha256)
  }
}
