import ApusIO
import Glibc
import Synchronization

/// Files that only their owner reads, made so that a power cut leaves all of one or none.
enum PrivateFile {
  /// Makes an empty file with exactly `mode`, unless there is one.
  static func makeIfAbsent(_ path: String, mode: mode_t) throws(StoreError) {
    let raw = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    if raw < 0, errno == EEXIST { return }
    guard raw >= 0 else { throw StoreError(errno, "make", path) }
    let file = Descriptor(owning: raw)
    // The umask took bits away.
    guard fchmod(file.raw, mode) == 0 else { throw StoreError(errno, "set the mode of", path) }
    try syncFolder(of: path)
  }

  static func isThere(_ path: String) throws(StoreError) -> Bool {
    var status = stat()
    if lstat(path, &status) == 0 { return true }
    guard errno == ENOENT else { throw StoreError(errno, "look at", path) }
    return false
  }

  /// Removes what processes left that were killed while they made a file in `folder`. Only for who is alone there.
  static func sweep(_ folder: String) {
    guard let listing = opendir(folder) else { return }
    defer { closedir(listing) }
    let mark = Array(partMark.utf8)
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      let isPart = name.indices.contains { name[$0...].starts(with: mark) }
      if isPart { unlink("\(folder)/\(String(decoding: name, as: UTF8.self))") }
    }
  }

  private static let partMark = ".part-"
  /// Two threads of one process may be making the same file.
  private static let parts = Atomic<Int>(0)

  /// Makes `path` appear with all that `fill` wrote to the file whose name it is given; fails if it is there already.
  static func makeWhole(_ path: String, _ fill: (_ part: String) throws(StoreError) -> Void) throws(StoreError) {
    let number = parts.add(1, ordering: .relaxed).newValue
    let part = "\(path)\(partMark)\(getpid())-\(number)"
    // Left by an earlier process of this id that was killed here.
    unlink(part)
    try makeIfAbsent(part, mode: 0o600)
    defer { unlink(part) }
    try fill(part)
    try sync(part)
    // Unlike rename(2), link(2) never replaces: of two who come at once, one is told.
    guard link(part, path) == 0 else { throw StoreError(errno, "make", path) }
    try syncFolder(of: path)
  }

  /// Writes all of `bytes` to the end of a file.
  static func append(_ bytes: UnsafeRawBufferPointer, to path: String) throws(StoreError) {
    let raw = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
    guard raw >= 0 else { throw StoreError(errno, "open", path) }
    let file = Descriptor(owning: raw)
    var rest = bytes[...]
    while !rest.isEmpty {
      let slice = UnsafeRawBufferPointer(rebasing: rest)
      let count = write(file.raw, slice.baseAddress, slice.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw StoreError(count == 0 ? ENOSPC : errno, "write", path) }
      rest = rest.dropFirst(count)
    }
  }

  static func sync(_ path: String) throws(StoreError) {
    let raw = open(path, O_RDONLY | O_CLOEXEC)
    guard raw >= 0 else { throw StoreError(errno, "open", path) }
    let file = Descriptor(owning: raw)
    guard fsync(file.raw) == 0 else { throw StoreError(errno, "write to disk", path) }
  }

  /// A new name is on disk when its folder is (fsync(2)).
  static func syncFolder(of path: String) throws(StoreError) {
    guard let slash = path.lastIndex(of: "/") else { return try sync(".") }
    try sync(slash == path.startIndex ? "/" : String(path[..<slash]))
  }
}
