/// The paths that an archive has had so far, so that none comes twice or leads through a file.
struct TarPaths: Sendable {
  enum Kind {
    case file, folder
    /// A folder that only longer paths name; its own entry may still come.
    case impliedFolder
  }

  private var kinds: [TarPath: Kind] = [:]

  mutating func insert(_ path: TarPath, _ kind: Kind, _ limits: ArtefactLimits) throws(TarError.Reason) {
    switch kinds[path] {
    case nil: try add(path, kind, limits)
    case .impliedFolder where kind == .folder: kinds[path] = .folder
    default: throw .duplicatePath
    }
    // Above a known folder all are known.
    var above = path.parent
    while let folder = above, !folder.isRoot {
      switch kinds[folder] {
      case .file: throw .underFile
      case .folder, .impliedFolder: return
      case nil: try add(folder, .impliedFolder, limits)
      }
      above = folder.parent
    }
  }

  private mutating func add(_ path: TarPath, _ kind: Kind, _ limits: ArtefactLimits) throws(TarError.Reason) {
    guard kinds.count < limits.entries else { throw .tooManyEntries(limit: limits.entries) }
    kinds[path] = kind
  }
}
