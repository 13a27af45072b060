internal import ApusIO
internal import Glibc

/// The archive of a folder or of a single program, made while it is read: never whole in memory.
///
/// The same names, contents and executable bits give the same bytes, so the same SHA-256.
package struct ArtefactArchive: ~Copyable, Sendable {
  /// Of the whole archive: the length to announce.
  package let byteCount: Int
  private let folder: Folder
  private let entries: [PackedEntry]
  private var position = 0
  /// Header, padding or end that is still to be given out.
  private var pending: [UInt8] = []
  private var pendingOffset = 0
  private var file: Descriptor?
  /// Bytes of the current file that are still to come.
  private var remaining = 0
  private var isEnding = false

  /// Looks at what is at `path`: a folder is packed with all that is in it, a program as `handler`.
  package init(of path: String, limits: ArtefactLimits = ArtefactLimits()) throws(PackingError) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .system(SystemError(errno, "look at", path)) }
    let entry = FolderEntry(status)
    guard entry.kind == .folder || entry.kind == .file else { throw .unsuitable(path) }
    let folder = try Self.open(entry.kind == .folder ? path : Self.folder(of: path))
    let entries =
      entry.kind == .folder
      ? try PackedEntry.all(in: folder, limits: limits) : [try PackedEntry(program: path, entry, limits: limits)]
    self.entries = entries
    self.folder = folder
    byteCount = entries.reduce(TarWriter.end.count) { $0 + $1.archivedByteCount }
  }

  /// Fills `buffer` with what comes next, as far as there is any; 0 is the end.
  package mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(PackingError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let space = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      if pendingOffset < pending.count {
        let count = min(space.count, pending.count - pendingOffset)
        space.copyBytes(from: pending[pendingOffset..<(pendingOffset + count)])
        pendingOffset += count
        filled += count
      } else if remaining > 0 {
        filled += try readFile(into: UnsafeMutableRawBufferPointer(rebasing: space.prefix(remaining)))
      } else if try !proceed() {
        break
      }
    }
    return filled
  }

  private mutating func readFile(into space: UnsafeMutableRawBufferPointer) throws(PackingError) -> Int {
    let entry = entries[position - 1]
    guard let file = file.take() else { return 0 }
    var count = KernelCalls.shared.read(file.raw, space)
    while count == -Int(EINTR) { count = KernelCalls.shared.read(file.raw, space) }
    guard count >= 0 else { throw .system(SystemError(CInt(-count), "read", folder.subpath(entry.source))) }
    guard count > 0 else { throw .changed(folder.subpath(entry.source)) }
    remaining -= count
    if remaining == 0 {
      give(TarWriter.padding(after: entry.byteCount))
    } else {
      self.file = consume file
    }
    return count
  }

  /// Goes to the next entry, or to the end; false behind it.
  private mutating func proceed() throws(PackingError) -> Bool {
    guard position < entries.count else {
      guard !isEnding else { return false }
      isEnding = true
      give(TarWriter.end)
      return true
    }
    let entry = entries[position]
    position += 1
    if entry.kind == .file, entry.byteCount > 0 {
      file = try entry.open(in: folder)
      remaining = entry.byteCount
    }
    give(entry.header)
    return true
  }

  private mutating func give(_ bytes: [UInt8]) {
    pending = bytes
    pendingOffset = 0
  }

  private static func open(_ path: String) throws(PackingError) -> Folder {
    do throws(SystemError) {
      return try Folder.open(path: path)
    } catch {
      throw .system(error)
    }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
