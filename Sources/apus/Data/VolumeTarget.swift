import ApusArtefacts
import ApusHTTP
import ApusIO
import Glibc

/// Where what comes out of a volume goes: a file, standard output, or a folder for what is in an archive.
struct VolumeTarget: ~Copyable {
  private let place: String
  private var file: NewPrivateFile?
  private var tree: TreeUnpacking?
  private var output: ForeignOutput?

  private static let modes = TreeUnpacking.Modes(folder: 0o755, file: 0o644, executable: 0o755)

  init(_ place: String) {
    self.place = place
  }

  /// The answer says whether it is a file or a folder.
  mutating func begin(_ head: ResponseHead) throws {
    let isFolder = head.fields[.contentType] == "application/x-tar"
    guard isFolder else {
      if place == "-" { output = ForeignOutput("the file") } else { file = try NewPrivateFile(place) }
      return
    }
    guard place != "-" else {
      throw CommandError("a folder can't be written to standard output: name one to make with --to")
    }
    guard mkdir(place, 0o755) == 0 else {
      throw SystemError(errno, "make the folder", place, advice: "Name another one with --to")
    }
    var limits = ArtefactLimits()
    (limits.entries, limits.fileBytes, limits.totalBytes, limits.pathBytes) = (500_000, 1 << 33, 1 << 44, 2048)
    tree = TreeUnpacking(into: try Folder.open(path: place), limits: limits) { _ in Self.modes }
  }

  mutating func take(_ bytes: UnsafeRawBufferPointer) throws {
    if var tree = tree.take() {
      try tree.take(bytes)
      self.tree = consume tree
    } else if let file = file.take() {
      try file.write(bytes)
      self.file = consume file
    } else {
      try output?.give(bytes)
    }
  }

  mutating func finish() throws {
    if var tree = tree.take() { try tree.finish() }
    if let file = file.take() { try file.finish() }
    try output?.finish()
  }
}
