import ApusArtefacts
import ApusIO

/// What of a folder goes into an archive, found out before the first byte of it.
struct TreePlan: Sendable {
  struct Entry: Sendable {
    /// In the archive.
    let path: TarPath
    let isFolder: Bool
  }

  private(set) var entries: [Entry] = []
  /// Links, devices, and names that an archive can't have.
  private(set) var leftOut: [String] = []
  private(set) var fileCount = 0
  private(set) var byteCount = 0

  /// All that is in `folder`, with `prefix` before each path, in the order of the paths.
  init(of folder: borrowing Folder, below prefix: String) throws(SystemError) {
    try collect(folder, prefix, depth: 0)
    entries.sort { $0.path < $1.path }
  }

  private mutating func collect(_ folder: borrowing Folder, _ prefix: String, depth: Int) throws(SystemError) {
    for name in try folder.names() {
      let text = prefix + name
      // Gone since it was listed, or a name that is not UTF-8, which was repaired and so is not there.
      guard let entry = try folder.entry(name) else {
        if name.unicodeScalars.contains("\u{FFFD}") { leftOut.append(text) }
        continue
      }
      guard entry.kind == .folder || entry.kind == .file, depth < VolumeLimits.depth,
        entries.count < VolumeLimits.entries, entry.byteCount <= VolumeLimits.fileBytes, let path = TreePlan.path(text)
      else {
        leftOut.append(text)
        continue
      }
      entries.append(Entry(path: path, isFolder: entry.kind == .folder))
      if entry.kind == .folder {
        try? collect(folder.folder(name), text + "/", depth: depth + 1)
      } else {
        fileCount += 1
        byteCount += entry.byteCount
      }
    }
  }

  /// Nil for a path that an archive can't have. The bounds are those of a volume and what stands before it.
  private static func path(_ text: String) -> TarPath? {
    var limits = VolumeLimits.put
    limits.pathBytes += 256
    limits.depth += 8
    return try? TarPath(Array(text.utf8), limits: limits)
  }
}
