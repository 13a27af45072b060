internal import ApusIO
internal import Glibc

/// A file or folder that goes into an archive.
struct PackedEntry: Sendable {
  let kind: FolderEntry.Kind
  /// Where it is, below the folder that is packed.
  let source: String
  /// Where it goes.
  let path: TarPath
  let byteCount: Int
  let isExecutable: Bool

  private init(_ source: String, _ path: TarPath, _ entry: FolderEntry) {
    self.source = source
    self.path = path
    kind = entry.kind
    byteCount = entry.kind == .file ? entry.byteCount : 0
    isExecutable = entry.isExecutable
  }

  /// A program that becomes the `handler`.
  init(program path: String, _ entry: FolderEntry, limits: ArtefactLimits) throws(PackingError) {
    guard entry.isExecutable else { throw .notExecutable(path) }
    let name = path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? path
    do throws(TarError.Reason) {
      self.init(name, try TarPath(Array("handler".utf8), limits: limits), entry)
    } catch {
      throw .entry(path, error)
    }
    guard byteCount <= limits.fileBytes else { throw .entry(path, .fileTooLarge(limit: limits.fileBytes)) }
  }

  /// All that is in the folder, sorted, each folder before what is in it.
  static func all(in folder: borrowing Folder, limits: ArtefactLimits) throws(PackingError) -> [PackedEntry] {
    var entries: [PackedEntry] = []
    try collect(folder, below: "", limits, into: &entries)
    entries.sort { $0.path < $1.path }
    var total = 0
    for entry in entries {
      total += entry.byteCount
      guard total <= limits.totalBytes else { throw .entry(entry.source, .totalTooLarge(limit: limits.totalBytes)) }
    }
    return entries
  }

  private static func collect(
    _ folder: borrowing Folder, below prefix: String, _ limits: ArtefactLimits, into entries: inout [PackedEntry]
  ) throws(PackingError) {
    for (name, entry) in try content(of: folder) {
      let source = prefix + name
      guard let entry else {
        // A name that is not UTF-8 was repaired when it was read, and the repaired one is not there.
        throw name.unicodeScalars.contains("\u{FFFD}") ? PackingError.entry(source, .pathNotUTF8) : .changed(source)
      }
      entries.append(PackedEntry(source, try checked(source, entry, limits, count: entries.count), entry))
      if entry.kind == .folder {
        try collect(try inner(name, of: folder), below: source + "/", limits, into: &entries)
      }
    }
  }

  private static func content(
    of folder: borrowing Folder
  ) throws(PackingError) -> [(name: String, entry: FolderEntry?)] {
    do throws(SystemError) {
      var content: [(name: String, entry: FolderEntry?)] = []
      for name in try folder.names() { content.append((name, try folder.entry(name))) }
      return content
    } catch {
      throw .system(error)
    }
  }

  private static func inner(_ name: String, of folder: borrowing Folder) throws(PackingError) -> Folder {
    do throws(SystemError) {
      return try folder.folder(name)
    } catch {
      throw .system(error)
    }
  }

  private static func checked(
    _ source: String, _ entry: FolderEntry, _ limits: ArtefactLimits, count: Int
  ) throws(PackingError) -> TarPath {
    do throws(TarError.Reason) {
      switch entry.kind {
      case .file, .folder: break
      case .link: throw .kind(.symbolicLink)
      case .other: throw .kind(.device)
      }
      guard count < limits.entries else { throw .tooManyEntries(limit: limits.entries) }
      guard entry.kind == .folder || entry.byteCount <= limits.fileBytes else {
        throw .fileTooLarge(limit: limits.fileBytes)
      }
      return try TarPath(Array(source.utf8), limits: limits)
    } catch {
      throw .entry(source, error)
    }
  }

  var header: [UInt8] {
    kind == .folder
      ? TarWriter.folder(path) : TarWriter.file(path, byteCount: byteCount, isExecutable: isExecutable)
  }

  var archivedByteCount: Int { header.count + byteCount + TarWriter.padding(after: byteCount).count }

  /// Opens the file, if it still is what was looked at.
  func open(in folder: borrowing Folder) throws(PackingError) -> Descriptor {
    let file: Descriptor
    do throws(SystemError) {
      file = try folder.file(source)
    } catch {
      throw .system(error)
    }
    var status = stat()
    guard fstat(file.raw, &status) == 0 else { throw .system(SystemError(errno, "look at", folder.subpath(source))) }
    let now = FolderEntry(status)
    guard now.kind == .file, now.byteCount == byteCount, now.isExecutable == isExecutable else {
      throw .changed(folder.subpath(source))
    }
    return file
  }
}
