internal import ApusIO

extension ArtefactStore {
  /// Removes the contents that no tag refers to, that are not in `used`, and that no living `ArtefactFolder` is of.
  ///
  /// Returns those removed. What can't be read stops it before anything is removed.
  @discardableResult
  package func garbage(used: Set<SHA256Digest> = []) throws(ArtefactError) -> [SHA256Digest] {
    let removed = try changing { () throws(SystemError) in
      let kept = try referred().union(used)
      var removed: [(sha256: SHA256Digest, name: String)] = []
      for name in try contents.names().sorted() {
        guard let sha256 = SHA256Digest(hex: name), !kept.contains(sha256) else { continue }
        let trash = "\(name).\(UInt64.random(in: .min ... .max))"
        let isMoved = try unlessUsed(sha256) { () throws(SystemError) in
          // In one step out of everybody's sight; a name that the next start removes, should we not come to it.
          try contents.move(name, to: incoming, as: trash)
        }
        if isMoved { removed.append((sha256, trash)) }
      }
      return removed
    }
    do throws(SystemError) {
      for content in removed { try incoming.removeTree(content.name) }
    } catch {
      throw ArtefactError(error)
    }
    return removed.map(\.sha256)
  }

  /// What the tags refer to. Names that no artefact can have are somebody else's, such as `lost+found`.
  private func referred() throws(SystemError) -> Set<SHA256Digest> {
    var referred: Set<SHA256Digest> = []
    for namespace in try root.names() {
      guard (try? ArtefactName(name: "a", namespace: namespace)) != nil,
        let names = try folderOfNames(in: root, namespace)
      else { continue }
      for name in try names.names() {
        guard (try? ArtefactName(name: name)) != nil, let tags = try folderOfNames(in: names, name) else { continue }
        for tag in try tags.names() where try tags.entry(tag)?.kind == .link {
          if let text = try tags.link(tag), let sha256 = Self.content(ofLink: text) { referred.insert(sha256) }
        }
      }
    }
    return referred
  }

  /// Nil for what is no folder: `resolve` would not enter it either.
  private func folderOfNames(in folder: borrowing Folder, _ name: String) throws(SystemError) -> Folder? {
    try folder.entry(name)?.kind == .folder ? try folder.folder(ifPresent: name) : nil
  }
}
