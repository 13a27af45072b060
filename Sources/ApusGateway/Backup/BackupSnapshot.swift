import ApusArtefacts
import ApusHTTP
import ApusIO
import ApusJSON
import ApusModel
import ApusStore
import ApusTelemetry
import Glibc

/// One backup: the state of a moment, and what it refers to, which is never taken away while it is read.
///
/// The database comes first: what it names was stored before it named it, so it is found afterwards.
final class BackupSnapshot: Sendable {
  private let state: GatewayState
  /// For copies, on the same disk; removed with the value.
  private let copies: String

  /// Copies the database. Blocks on the disk.
  init(_ state: GatewayState) throws {
    self.state = state
    let folder = try Folder.open(path: state.folder)
    // What a killed gateway left.
    for name in try folder.names() where name.hasPrefix(Self.prefix) { try folder.removeTree(name) }
    let name = "\(Self.prefix)\(UInt64.random(in: .min ... .max))"
    _ = try folder.folder(name, orMakeWith: 0o700)
    copies = folder.subpath(name)
    try state.database.backup(to: "\(copies)/apus.db")
  }

  private static let prefix = ".backup-"

  deinit {
    let folder = try? Folder.open(path: state.folder)
    try? folder?.removeTree(copies.split(separator: "/").last.map(String.init) ?? "")
  }

  func send(_ exchange: Exchange) async throws {
    var archive = try ArchiveStream(exchange, copies: copies)
    try await archive.add(BackupLayout.head, head())
    try await archive.add(BackupLayout.database, try file("\(copies)/apus.db"))
    for name in ["basic-auth-user", "basic-auth-password"] {
      try await archive.add("auth/\(name)", try file("\(state.folder)/auth/\(name)"))
    }
    try await addArtefacts(to: &archive)
    try await addVolumes(to: &archive)
    try await archive.add(BackupLayout.report, report(archive))
    try await archive.finish()
  }

  private func file(_ path: String) throws -> OpenFile {
    let raw = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard raw >= 0 else { throw SystemError(errno, "open", path) }
    return OpenFile(Descriptor(owning: raw))
  }

  private func head() throws -> [UInt8] {
    var time: [UInt8] = []
    Timestamp(seconds: WallClock.now().seconds).append(to: &time, fractionDigits: 0)
    return try JSON.object([
      ("format", .integer(BackupLayout.format)), ("apus", .string(GatewayVersion.release)),
      ("created_at", .string(String(decoding: time, as: UTF8.self))),
    ]).serialise()
  }

  private func report(_ archive: ArchiveStream) throws -> [UInt8] {
    try JSON.object([
      ("left_out", .array(archive.leftOut.map { .string($0) })),
      ("taken_as_is", .array(archive.takenAsIs.map { .string($0) })),
    ]).serialise()
  }

  // MARK: - Artefacts

  private func addArtefacts(to archive: inout ArchiveStream) async throws {
    let path = "\(state.folder)/artefacts"
    let tags = try await offload { try Self.tags(in: path) }
    for (tag, sha256) in tags { try await archive.add("artefacts/\(tag)", Array(sha256.utf8)) }
    for sha256 in Set(tags.map(\.sha256)).sorted() {
      let (plan, root) = try await offload { () throws -> (TreePlan, OpenFolder) in
        let folder = try Folder.open(path: path).folder(".content").folder(sha256)
        return (try TreePlan(of: folder, below: "artefacts/.content/\(sha256)/"), OpenFolder(folder))
      }
      try await archive.add(plan, from: root, skipping: 3)
    }
  }

  /// `NAMESPACE/NAME/TAG`, and what it refers to.
  private static func tags(in path: String) throws -> [(tag: String, sha256: String)] {
    var tags: [(tag: String, sha256: String)] = []
    let root = try Folder.open(path: path)
    for namespace in try root.names().sorted() where (try? DNSName.checkLabel(namespace, subject: "")) != nil {
      guard try root.entry(namespace)?.kind == .folder else { continue }
      let names = try root.folder(namespace)
      for name in try names.names().sorted() where try names.entry(name)?.kind == .folder {
        let folder = try names.folder(name)
        for tag in try folder.names().sorted() where try folder.entry(tag)?.kind == .link {
          guard let text = try folder.link(tag), let sha256 = ArtefactStore.content(ofLink: text) else { continue }
          tags.append(("\(namespace)/\(name)/\(tag)", sha256.hex))
        }
      }
    }
    return tags
  }

  // MARK: - Volumes

  private func addVolumes(to archive: inout ArchiveStream) async throws {
    let path = "\(state.folder)/volumes"
    guard access(path, F_OK) == 0 else { return }
    let (plan, root) = try await offload { () throws -> (TreePlan, OpenFolder) in
      let folder = try Folder.open(path: path)
      return (try TreePlan(of: folder, below: "volumes/"), OpenFolder(folder))
    }
    try await archive.add(plan, from: root, skipping: 1)
  }
}
