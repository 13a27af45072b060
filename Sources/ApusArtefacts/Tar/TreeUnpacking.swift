package import ApusIO
package import Glibc

/// Writes the files of an archive into a folder that may have others: each appears whole, in place of what had its
/// name. Nothing leads out of the folder, and no link in it is followed.
///
/// All calls block on the disk.
package struct TreeUnpacking: ~Copyable, Sendable {
  package struct Modes: Sendable {
    package var folder: mode_t
    package var file: mode_t
    package var executable: mode_t

    package init(folder: mode_t, file: mode_t, executable: mode_t) {
      self.folder = folder
      self.file = file
      self.executable = executable
    }
  }

  private let folder: Folder
  private let modes: @Sendable (TarPath) -> Modes
  private var reader: TarReader
  private var file: Descriptor?
  /// Of the file that is being written: what it is called until it is whole.
  private var part = ""
  private var path: TarPath?
  package private(set) var files = 0
  package private(set) var bytes = 0

  /// `modes` counts for what is made anew; a folder that is there keeps its own.
  package init(
    into folder: consuming Folder, limits: ArtefactLimits, modes: @escaping @Sendable (TarPath) -> Modes
  ) {
    self.folder = folder
    self.modes = modes
    reader = TarReader(limits: limits)
  }

  deinit {
    guard file != nil, let path else { return }
    // Half a file: nobody has seen it under its name.
    _ = try? TreeUnpacking.parent(of: path, in: folder, nil).unlink(part)
  }

  /// Takes the next piece, of any size. An error ends it; what was whole before stays.
  package mutating func take(_ bytes: UnsafeRawBufferPointer) throws(TreeError) {
    var rest = bytes
    while let event = try next(&rest) {
      do throws(SystemError) {
        try perform(event)
      } catch {
        throw .system(error)
      }
    }
  }

  /// Says that the archive is whole, and waits until the disk has it.
  package mutating func finish() throws(TreeError) {
    do throws(TarError) {
      try reader.finish()
    } catch {
      throw .archive(error)
    }
    do throws(SystemError) {
      try folder.syncFileSystem()
    } catch {
      throw .system(error)
    }
  }

  private mutating func next(_ rest: inout UnsafeRawBufferPointer) throws(TreeError) -> TarReader.Event? {
    do throws(TarError) {
      return try reader.next(&rest)
    } catch {
      throw .archive(error)
    }
  }

  private mutating func perform(_ event: TarReader.Event) throws(SystemError) {
    switch event {
    case .folder(let path):
      _ = try TreeUnpacking.open(path, in: folder, modes)
    case .file(let path, _, let isExecutable):
      part = ".apus-part-\(UInt64.random(in: .min ... .max))"
      let parent = try TreeUnpacking.parent(of: path, in: folder, modes)
      file = try parent.newFile(part, mode: isExecutable ? modes(path).executable : modes(path).file)
      self.path = path
    case .content(let bytes):
      self.bytes += bytes.count
      try write(bytes)
    case .fileEnd:
      guard let path, let name = path.components.last else { return }
      let parent = try TreeUnpacking.parent(of: path, in: folder, nil)
      try parent.move(part, to: parent, as: name)
      file = nil
      files += 1
    }
  }

  /// The folder that holds the path; made where it isn't, if there are modes for it.
  private static func parent(
    of path: TarPath, in folder: borrowing Folder, _ modes: (@Sendable (TarPath) -> Modes)?
  ) throws(SystemError) -> Folder {
    guard let parent = path.parent else { return try folder.reopened() }
    return try open(parent, in: folder, modes)
  }

  private static func open(
    _ path: TarPath, in folder: borrowing Folder, _ modes: (@Sendable (TarPath) -> Modes)?
  ) throws(SystemError) -> Folder {
    guard let name = path.components.last else { return try folder.reopened() }
    let above = try parent(of: path, in: folder, modes)
    guard let modes else { return try above.folder(name) }
    return try above.folder(name, orMakeWith: modes(path).folder)
  }

  private mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    guard let file = file.take() else { return }
    var rest = bytes
    while !rest.isEmpty {
      let count = KernelCalls.shared.write(file.raw, rest)
      if count == -Int(EINTR) { continue }
      guard count > 0 else {
        let code = count < 0 ? CInt(-count) : EIO
        self.file = consume file
        throw SystemError(code, "write to", folder.subpath(path?.text ?? ""))
      }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
    self.file = consume file
  }
}

/// Why an archive did not become files.
package enum TreeError: Error, Equatable, Sendable, CustomStringConvertible {
  case archive(TarError)
  case system(SystemError)

  package var description: String {
    switch self {
    case .archive(let error): error.description
    case .system(let error): error.description
    }
  }
}
