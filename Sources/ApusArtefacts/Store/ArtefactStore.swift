internal import ApusIO
internal import Glibc
internal import Synchronization

/// The artefacts below `DIR/artefacts`; one process at a time works there.
///
/// A content is a folder named by the SHA-256 of the archive it came in, and `NAMESPACE/name/tag` is a relative link to
/// it: whoever opens the tag sees a folder, and a new content takes the old one's place in one rename(2), while
/// replicas go on in the old folder. Contents that no tag and no replica uses stay until `garbage` removes them.
///
///     artefacts/.content/SHA256/handler
///     artefacts/.incoming/RANDOM/          uploads; emptied at start
///     artefacts/openfaas-fn/hello/latest   -> ../../.content/SHA256
///
/// All calls block on the disk, `resolve` for some microseconds only: the others belong into `offload`.
package final class ArtefactStore: Sendable {
  let limits: ArtefactLimits
  let root: Folder
  let incoming: Folder
  let contents: Folder
  /// Held by whoever changes tags and contents, while they flush: never by `resolve`.
  private let changes = Mutex(())
  private let uses = Mutex(Uses())

  /// What is in use by this process. Held for moments only.
  private struct Uses {
    var contents: [SHA256Digest: Int] = [:]
    var uploads = 0
  }

  /// Opens `DIR/artefacts` and makes it where it isn't; removes what killed uploads left.
  package init(data: String, limits: ArtefactLimits = ArtefactLimits()) throws(ArtefactError) {
    self.limits = limits
    do throws(SystemError) {
      let folder = try Folder.open(path: Self.canonical(data))
      // Others may pass through to a content whose name they know, as a replica's own user does, but list nothing.
      root = try folder.folder("artefacts", orMakeWith: 0o711)
      contents = try root.folder(".content", orMakeWith: 0o711)
      incoming = try root.folder(".incoming", orMakeWith: 0o700)
      try folder.sync()
      try root.sync()
    } catch {
      throw ArtefactError(error)
    }
    // The lock goes with the descriptor, however the process ends (flock(2)).
    guard flock(root.descriptor.raw, LOCK_EX | LOCK_NB) == 0 else { throw .inUse(path: root.path) }
    do throws(SystemError) {
      for name in try incoming.names() { try incoming.removeTree(name) }
    } catch {
      throw ArtefactError(error)
    }
  }

  private static func canonical(_ path: String) throws(SystemError) -> String {
    guard let resolved = realpath(path, nil) else { throw SystemError(errno, "open the data folder", path) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Begins to take an archive. What is not finished leaves nothing behind.
  package func begin(_ name: ArtefactName) throws(ArtefactError) -> ArtefactUpload {
    let isAllowed = uses.withLock { uses in
      guard uses.uploads < limits.uploads else { return false }
      uses.uploads += 1
      return true
    }
    guard isAllowed else { throw .tooManyUploads(limit: limits.uploads) }
    do throws(SystemError) {
      return ArtefactUpload(name, into: try IncomingFolder(self), limits: limits)
    } catch {
      endUpload()
      throw ArtefactError(error)
    }
  }

  func endUpload() {
    uses.withLock { $0.uploads -= 1 }
  }

  /// The folder that the name stands for now. It stays as long as the returned value lives, whatever is uploaded,
  /// removed or collected meanwhile.
  package func resolve(_ name: ArtefactName) throws(ArtefactError) -> ArtefactFolder {
    // A second and a third time where the tag moves on and its old content goes between our two looks.
    for _ in 0..<3 {
      let use = ContentUse(of: try target(of: name), in: self)
      do throws(SystemError) {
        guard let content = try contents.folder(ifPresent: use.sha256.hex) else { continue }
        let handler = try content.entry("handler")
        let isProgram = handler?.kind == .file && handler?.isExecutable == true
        return ArtefactFolder(name: name, path: content.path, hasHandler: isProgram, use: use)
      } catch {
        throw ArtefactError(error)
      }
    }
    throw .damaged(name, path: path(of: name))
  }

  /// Removes the tag; its content stays until nothing uses it.
  package func remove(_ name: ArtefactName) throws(ArtefactError) {
    let isRemoved = try changing { () throws(SystemError) in
      guard let namespace = try root.folder(ifPresent: name.namespace),
        let folder = try namespace.folder(ifPresent: name.name), try folder.unlink(name.tag)
      else { return false }
      try folder.sync()
      try namespace.removeIfEmpty(name.name)
      try root.removeIfEmpty(name.namespace)
      return true
    }
    guard isRemoved else { throw .notFound(name) }
  }

  /// What the name's link says.
  private func target(of name: ArtefactName) throws(ArtefactError) -> SHA256Digest {
    let text: String?
    do throws(SystemError) {
      text = try link(of: name)
    } catch {
      // A link in place of a folder, or something else in place of the tag's link.
      let isForeign = error.code == ELOOP || error.code == ENOTDIR || error.code == EINVAL
      throw isForeign ? ArtefactError.damaged(name, path: path(of: name)) : ArtefactError(error)
    }
    guard let text else { throw .notFound(name) }
    guard let sha256 = Self.content(ofLink: text) else { throw .damaged(name, path: path(of: name)) }
    return sha256
  }

  private func link(of name: ArtefactName) throws(SystemError) -> String? {
    guard let namespace = try root.folder(ifPresent: name.namespace),
      let folder = try namespace.folder(ifPresent: name.name)
    else { return nil }
    return try folder.link(name.tag)
  }

  private func path(of name: ArtefactName) -> String {
    root.subpath("\(name.namespace)/\(name.name)/\(name.tag)")
  }
}

extension ArtefactStore {
  package static func link(to sha256: SHA256Digest) -> String { "../../.content/\(sha256.hex)" }

  /// Only what `link` writes: no other place can be meant.
  package static func content(ofLink text: String) -> SHA256Digest? {
    guard let sha256 = SHA256Digest(hex: String(text.suffix(64))), text == link(to: sha256) else { return nil }
    return sha256
  }

  /// Runs what changes tags and contents, alone.
  func changing<Value: Sendable>(_ work: () throws(SystemError) -> Value) throws(ArtefactError) -> Value {
    try changes.withLock { _ throws(ArtefactError) in
      do throws(SystemError) {
        return try work()
      } catch {
        throw ArtefactError(error)
      }
    }
  }

  func hold(_ sha256: SHA256Digest) {
    uses.withLock { $0.contents[sha256, default: 0] += 1 }
  }

  func release(_ sha256: SHA256Digest) {
    uses.withLock { uses in
      let count = uses.contents[sha256, default: 1] - 1
      uses.contents[sha256] = count > 0 ? count : nil
    }
  }

  /// Runs `work` unless something of ours uses the content; nobody can begin to use it meanwhile.
  func unlessUsed(_ sha256: SHA256Digest, _ work: () throws(SystemError) -> Void) throws(SystemError) -> Bool {
    try uses.withLock { uses throws(SystemError) in
      guard uses.contents[sha256] == nil else { return false }
      try work()
      return true
    }
  }
}
