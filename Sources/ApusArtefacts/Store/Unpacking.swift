internal import ApusIO
internal import Glibc

/// An archive being read and its files being written.
struct Unpacking: ~Copyable, Sendable {
  private let folder: IncomingFolder
  private var reader: TarReader
  private var hash = SHA256()
  private var byteCount = 0
  private var file: Descriptor?
  private var filePath = ""
  private var hasFiles = false
  private var handlerIsExecutable: Bool?

  init(into folder: consuming IncomingFolder, limits: ArtefactLimits) {
    self.folder = folder
    reader = TarReader(limits: limits)
  }

  mutating func take(_ bytes: UnsafeRawBufferPointer) throws(ArtefactError) {
    hash.update(bytes)
    byteCount += bytes.count
    var rest = bytes
    while let event = try next(&rest) {
      do throws(SystemError) {
        try perform(event)
      } catch {
        throw ArtefactError(error)
      }
    }
  }

  consuming func finish(as name: ArtefactName) throws(ArtefactError) -> StoredArtefact {
    do throws(TarError) {
      try reader.finish()
    } catch {
      throw .archive(error)
    }
    guard hasFiles else { throw .empty }
    guard handlerIsExecutable != false else { throw .handlerNotExecutable }
    let sha256 = hash.finish()
    let stored = StoredArtefact(name: name, sha256: sha256, byteCount: byteCount)
    try folder.publish(sha256, as: name)
    return stored
  }

  private mutating func next(_ rest: inout UnsafeRawBufferPointer) throws(ArtefactError) -> TarReader.Event? {
    do throws(TarError) {
      return try reader.next(&rest)
    } catch {
      throw .archive(error)
    }
  }

  private mutating func perform(_ event: TarReader.Event) throws(SystemError) {
    switch event {
    case .folder(let path):
      _ = try open(path.components)
    case .file(let path, _, let isExecutable):
      let components = path.components
      guard let name = components.last else { return }
      let parent = try open(components.dropLast())
      file = try parent.newFile(name, mode: isExecutable ? 0o755 : 0o644)
      filePath = parent.subpath(name)
      hasFiles = true
      if components == ["handler"] { handlerIsExecutable = isExecutable }
    case .content(let bytes):
      try write(bytes)
    case .fileEnd:
      file = nil
    }
  }

  /// Opens folder after folder, and makes what isn't there.
  private func open(_ components: some Collection<String>) throws(SystemError) -> Folder {
    var current = try folder.folder.reopened()
    for name in components { current = try current.folder(name, orMakeWith: 0o755) }
    return current
  }

  private mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    guard let file = file.take() else { return }
    var rest = bytes
    while !rest.isEmpty {
      let count = KernelCalls.shared.write(file.raw, rest)
      if count == -Int(EINTR) { continue }
      // A file takes something or says why not (write(2)); nothing at all is not for trying again.
      let code = count < 0 ? CInt(-count) : EIO
      guard count > 0 else { throw SystemError(code, "write to", filePath) }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
    self.file = consume file
  }
}
