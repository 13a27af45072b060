import ApusArtefacts
import ApusHTTP
import ApusIO
import ApusStore
import Glibc

/// An archive that is answered while it is made. What it is made of may change meanwhile.
struct ArchiveStream {
  private let exchange: Exchange
  /// For copies of SQLite files, which are consistent where the files are not; nil to take all as they are.
  private let copies: String?
  /// Files of which SQLite gave a copy: what lies beside them belongs to a state that is in the copy already.
  private var copied: Set<TarPath> = []
  /// What could not be taken, and what had to be taken as it was.
  private(set) var leftOut: [String] = []
  private(set) var takenAsIs: [String] = []

  private static let blockBytes = 256 << 10
  private static let mark = Array("SQLite format 3\u{0}".utf8)

  /// Starts the answer.
  init(_ exchange: Exchange, copies: String?, leftOut count: Int = 0) throws(HTTPError) {
    self.exchange = exchange
    self.copies = copies
    var head = ResponseHead()
    try? head.fields.append(.contentType, "application/x-tar")
    if count > 0 { try? head.fields.append("X-Apus-Left-Out", "\(count)") }
    try exchange.start(head, length: nil)
  }

  /// What the plan has; `root` is the folder that it is of, and `skip` how much of each path stands before it.
  mutating func add(_ plan: TreePlan, from root: OpenFolder, skipping prefix: Int) async throws {
    leftOut += plan.leftOut
    for entry in plan.entries {
      if entry.isFolder {
        try await exchange.write(TarWriter.folder(entry.path))
      } else {
        try await add(entry.path, at: Array(entry.path.components.dropFirst(prefix)), in: root)
      }
    }
  }

  /// A file of ours, whose content is at hand.
  func add(_ path: String, _ content: [UInt8], isExecutable: Bool = false) async throws {
    let path = try TarPath(Array(path.utf8), limits: ArtefactLimits())
    try await exchange.write(TarWriter.file(path, byteCount: content.count, isExecutable: isExecutable))
    try await exchange.write(content + TarWriter.padding(after: content.count))
  }

  /// A file of ours, as it is now.
  func add(_ path: String, _ file: OpenFile) async throws {
    let path = try TarPath(Array(path.utf8), limits: ArtefactLimits())
    try await add(path, file, first: try await offload { try file.read(Self.blockBytes, at: 0) })
  }

  func finish() async throws(HTTPError) {
    try await exchange.write(TarWriter.end)
    try await exchange.finish()
  }

  // MARK: - One file

  private mutating func add(_ path: TarPath, at components: [String], in root: OpenFolder) async throws {
    if isBesideCopy(path) { return }
    let opened = try? await offload { () throws -> (OpenFile, [UInt8])? in
      var folder = try root.folder.reopened()
      for name in components.dropLast() { folder = try folder.folder(name) }
      guard let name = components.last else { return nil }
      let file = OpenFile(try folder.file(name))
      guard try file.regularByteCount() != nil else { return nil }
      return (file, try file.read(Self.blockBytes, at: 0))
    }
    // Gone, or something else by now.
    guard let (file, first) = opened ?? nil else { return leftOut.append(path.text) }
    if let copies, first.starts(with: Self.mark) {
      let source = ([root.folder.path] + components).joined(separator: "/")
      let target = "\(copies)/\(UInt64.random(in: .min ... .max))"
      if let copy = try? await offload({ try Self.copy(source, to: target) }) {
        copied.insert(path)
        return try await add(path, copy, first: try await offload { try copy.read(Self.blockBytes, at: 0) })
      }
      takenAsIs.append(path.text)
    }
    try await add(path, file, first: first)
  }

  /// A log or an index of a file that was copied: `x.db-wal` beside `x.db`.
  private func isBesideCopy(_ path: TarPath) -> Bool {
    ["-wal", "-shm", "-journal"].contains { ending in
      guard path.text.hasSuffix(ending) else { return false }
      return copied.contains { $0.text.utf8.elementsEqual(path.text.utf8.dropLast(ending.utf8.count)) }
    }
  }

  private static func copy(_ source: String, to target: String) throws -> OpenFile {
    defer { for ending in ["", "-wal", "-shm", "-journal"] { unlink(target + ending) } }
    try Database.copy(foreign: source, to: target)
    let raw = open(target, O_RDONLY | O_CLOEXEC)
    guard raw >= 0 else { throw SystemError(errno, "open", target) }
    return OpenFile(Descriptor(owning: raw))
  }

  /// `first`: what it begins with, up to a block; all of it, if it is shorter.
  private func add(_ path: TarPath, _ file: OpenFile, first: [UInt8]) async throws {
    let isShort = first.count < Self.blockBytes
    let count = isShort ? first.count : max(first.count, try file.regularByteCount() ?? 0)
    guard count <= VolumeLimits.fileBytes else { throw SystemError(EFBIG, "pack", path.text) }
    try await exchange.write(TarWriter.file(path, byteCount: count, isExecutable: file.isExecutable))
    try await exchange.write(first)
    var offset = first.count
    while offset < count {
      let block = try await offload { [offset] in try file.read(min(Self.blockBytes, count - offset), at: offset) }
      // The length is announced: a file that was cut meanwhile can't be said any more.
      guard !block.isEmpty else { throw SystemError(EIO, "pack, as it became shorter,", path.text) }
      try await exchange.write(block)
      offset += block.count
    }
    try await exchange.write(TarWriter.padding(after: count))
  }
}
