import ApusArtefacts
import ApusIO
import ApusJSON
import ApusModel
import ApusStore
import Glibc

/// Makes a data folder of a backup: beside its place, and then in one step in it.
package struct Restoration: ~Copyable {
  private let archive: String
  private let data: String
  /// Where it is made until it is whole.
  private let stage: String
  private var isPlaced = false

  /// What a restore made.
  package struct Outcome: Sendable {
    /// Secrets whose key is not there: `NAME` in `NAMESPACE`.
    package var unopenable: [(name: String, namespace: String)] = []
    /// What the backup itself had to leave out.
    package var leftOut: [String] = []
    package var functions = 0
    /// Where the data lies that was there before.
    package var previous: String?
  }

  /// Of the archive at `archive`; `data` is the gateway's folder.
  package init(of archive: String, into data: String) throws {
    self.archive = archive
    let whole = data.hasPrefix("/") ? data : Self.currentFolder + "/" + data
    self.data = "/" + whole.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    let parts = self.data.split(separator: "/")
    guard let name = parts.last, !parts.contains("..") else {
      throw RestorationError("\(data) is no folder to restore into: name one with --data")
    }
    let parent = "/" + parts.dropLast().joined(separator: "/")
    stage = "\(parent)/.\(name).restoring-\(UInt64.random(in: .min ... .max))"
  }

  deinit {
    if !isPlaced { Self.remove(stage) }
  }

  /// - Parameters:
  ///   - key: the gateway's key of that time; without one its secrets stay closed.
  ///   - replaces: whether data may be there already; it is moved aside.
  package consuming func run(key: String?, replaces: Bool) throws -> Outcome {
    // Held until the end: nobody starts a gateway on what is taken away.
    let lock = try lockPrevious(replaces: replaces)
    try makeStage()
    try unpack()
    var outcome = Outcome()
    outcome.leftOut = try check()
    try placeTags()
    try openState(key: key, &outcome)
    try Folder.open(path: stage).syncFileSystem()
    outcome.previous = try place(replaces: lock != nil)
    withExtendedLifetime(lock) {}
    return outcome
  }

  private static var currentFolder: String {
    guard let path = getcwd(nil, 0) else { return "" }
    defer { free(path) }
    return String(cString: path)
  }

  private static func remove(_ path: String) {
    guard let slash = path.lastIndex(of: "/") else { return }
    let parent = try? Folder.open(path: slash == path.startIndex ? "/" : String(path[..<slash]))
    try? parent?.removeTree(String(path[path.index(after: slash)...]))
  }

  // MARK: - Before

  /// Nil if nothing is there.
  private func lockPrevious(replaces: Bool) throws -> StateLock? {
    var status = stat()
    guard lstat(data, &status) == 0 else {
      guard errno == ENOENT else { throw SystemError(errno, "look at", data) }
      return nil
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw RestorationError("\(data) is not a folder: move it away, or name another one with --data")
    }
    if try Folder.open(path: data).names().isEmpty { return nil }
    guard replaces else {
      throw RestorationError(
        "\(data) is not empty, and stays as it is: restore into another folder with --data, or add --replace, which"
          + " moves it aside")
    }
    return StateLock(try StateFolder(in: data))
  }

  private final class StateLock {
    private let folder: StateFolder

    init(_ folder: consuming StateFolder) {
      self.folder = folder
    }
  }

  private func makeStage() throws {
    guard mkdir(stage, 0o700) == 0 else {
      throw SystemError(errno, "make a folder beside \(data):", stage, advice: "It is made there and then moved")
    }
  }

  // MARK: - Unpacking

  private func unpack() throws {
    let raw = open(archive, O_RDONLY | O_CLOEXEC)
    guard raw >= 0 else { throw SystemError(errno, "read the backup", archive) }
    let file = Descriptor(owning: raw)
    var tree = TreeUnpacking(into: try Folder.open(path: stage), limits: BackupLayout.limits) {
      BackupLayout.modes(of: $0)
    }
    var block = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = block.withUnsafeMutableBytes { read(file.raw, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw SystemError(errno, "read the backup", archive) }
      if count == 0 { break }
      do {
        try block[..<count].withUnsafeBytes { bytes in try tree.take(bytes) }
      } catch {
        throw refused("\(error)")
      }
    }
    do throws(TreeError) {
      try tree.finish()
    } catch {
      throw refused("\(error)")
    }
  }

  private func refused(_ reason: String) -> RestorationError {
    RestorationError("\(archive) is no whole backup of Apus: \(reason). Nothing was restored; take another backup")
  }

  /// Refuses what is no backup, or one of a later program; what it says that it left out.
  private func check() throws -> [String] {
    guard let head = json(BackupLayout.head), let format = head["format"]?.integerValue else {
      throw refused("it has no \(BackupLayout.head)")
    }
    guard format <= BackupLayout.format else {
      throw RestorationError(
        "\(archive) was made by a newer Apus (\(head["apus"]?.stringValue ?? "?")): restore it with that one")
    }
    guard let report = json(BackupLayout.report) else { throw refused("it has no \(BackupLayout.report)") }
    let known = Set(BackupLayout.folders + [BackupLayout.head, BackupLayout.report])
    let folder = try Folder.open(path: stage)
    if let other = try folder.names().first(where: { !known.contains($0) }) { throw refused("it has \(other) in it") }
    for name in [BackupLayout.head, BackupLayout.report] { _ = try folder.unlink(name) }
    return (report["left_out"]?.arrayValue ?? []).compactMap(\.stringValue)
  }

  private func json(_ name: String) -> JSON? {
    let raw = open("\(stage)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard raw >= 0 else { return nil }
    let bytes = try? OpenFile(Descriptor(owning: raw)).read(64 << 20, at: 0)
    return bytes.flatMap { try? JSON.parse($0) }
  }

  /// Links where the archive has files that name a content.
  private func placeTags() throws {
    let root = try Folder.open(path: stage).folder("artefacts", orMakeWith: 0o711)
    let contents = try root.folder(".content", orMakeWith: 0o711)
    for namespace in try root.names() where namespace != ".content" {
      let names = try root.folder(namespace)
      for name in try names.names() {
        let tags = try names.folder(name)
        for tag in try tags.names() {
          let text = String(decoding: try OpenFile(try tags.file(tag)).read(64, at: 0), as: UTF8.self)
          guard let sha256 = SHA256Digest(hex: text), try contents.entry(text)?.kind == .folder else {
            throw refused("what \(namespace)/\(name):\(tag) is made of is not in it")
          }
          _ = try tags.unlink(tag)
          try tags.makeLink(tag, to: ArtefactStore.link(to: sha256))
        }
      }
    }
  }

  // MARK: - State

  /// Checks the database, brings it to today's version, and finds out which secrets can be opened.
  private func openState(key: String?, _ outcome: inout Outcome) throws {
    let path = "\(stage)/\(BackupLayout.database)"
    guard rename(path, path + ".unpacked") == 0 else { throw refused("it has no \(BackupLayout.database)") }
    try Database.restore(from: path + ".unpacked", to: path)
    unlink(path + ".unpacked")
    let database = try Database(path)
    outcome.functions = try CatalogStore(database).list().count
    let lost = try SecretStore(database, box(key: key)).unopenable()
    outcome.unopenable = lost.map { ($0.name.text, $0.namespace) }
    if let key, !lost.isEmpty {
      throw RestorationError(
        "the key \(key) does not open \(lost.map { "\($0.name)" }.joined(separator: ", ")): take the key that was"
          + " saved with this backup, or restore without --key")
    }
  }

  /// With the key, which from now on is the folder's; or with one that opens nothing.
  private func box(key: String?) throws(StoreError) -> SealedBox {
    guard let key else { return SealedBox(try KeyRing.random()) }
    let path = "\(stage)/state/key"
    try KeyRing.open(key).write(to: path)
    return SealedBox(try KeyRing.open(path))
  }

  // MARK: - Into its place

  /// A new name is on disk when its folder is (fsync(2)).
  private func syncParent() throws {
    try Folder.open(path: String(data[..<(data.lastIndex(of: "/") ?? data.endIndex)]) + "/").sync()
  }

  /// Returns where the data lies that was there.
  private mutating func place(replaces: Bool) throws -> String? {
    let advice = "A folder that is a mount of its own can't be replaced: restore beside it and move what is in it"
    guard replaces else {
      // An empty folder gives way (rename(2)).
      guard rename(stage, data) == 0 else { throw SystemError(errno, "put the restored data at", data, advice: advice) }
      isPlaced = true
      try syncParent()
      return nil
    }
    try Folder.exchange(stage, data)
    isPlaced = true
    try syncParent()
    let previous = "\(data).before-\(WallClock.now().seconds)"
    return rename(stage, previous) == 0 ? previous : stage
  }
}
