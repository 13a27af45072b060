internal import ApusIO
internal import Glibc

/// The folder of an upload that has not ended: removed with its value, unless it was published.
struct IncomingFolder: ~Copyable, Sendable {
  private let store: ArtefactStore
  private let name: String
  let folder: Folder
  private var isPublished = false

  init(_ store: ArtefactStore) throws(SystemError) {
    name = String(UInt64.random(in: .min ... .max), radix: 16)
    folder = try store.incoming.folder(name, orMakeWith: 0o755)
    self.store = store
  }

  deinit {
    if !isPublished {
      // What can't be removed now is removed at the next start.
      try? store.incoming.removeTree(name)
    }
    store.endUpload()
  }

  /// Makes the folder the content of that name, and the tag a link to it, so that a power cut leaves old or new.
  consuming func publish(_ sha256: SHA256Digest, as artefact: ArtefactName) throws(ArtefactError) {
    do throws(SystemError) {
      // One call for all files: an fsync of each would cost a commit of the journal each.
      try folder.syncFileSystem()
    } catch {
      throw ArtefactError(error)
    }
    let isMoved = try store.changing { () throws(SystemError) in
      // The same archive was here before: its folder is as good, and replicas may run from it.
      let isKnown = try store.contents.entry(sha256.hex) != nil
      if !isKnown {
        try store.incoming.move(name, to: store.contents, as: sha256.hex)
        try store.contents.sync()
      }
      try link(artefact, to: sha256)
      return !isKnown
    }
    isPublished = isMoved
  }

  private func link(_ artefact: ArtefactName, to sha256: SHA256Digest) throws(SystemError) {
    let namespace = try store.root.folder(artefact.namespace, orMakeWith: 0o700)
    let tags = try namespace.folder(artefact.name, orMakeWith: 0o700)
    let link = name + ".link"
    try store.incoming.makeLink(link, to: ArtefactStore.link(to: sha256))
    do throws(SystemError) {
      try store.incoming.move(link, to: tags, as: artefact.tag)
    } catch {
      _ = try? store.incoming.unlink(link)
      throw error
    }
    try tags.sync()
    try namespace.sync()
    try store.root.sync()
  }
}
