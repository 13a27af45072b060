import ApusArtefacts
import ApusIO
import Glibc

/// A file on its way into a volume; without its end, nothing of it is left.
struct VolumeFile: ~Copyable {
  private let folder: Folder
  private let name: String
  private let part: String
  private let file: Descriptor
  private var byteCount = 0
  private var isWhole = false

  init(_ name: String, in folder: consuming Folder) throws(SystemError) {
    self.name = name
    part = ".apus-part-\(UInt64.random(in: .min ... .max))"
    file = try folder.newFile(part, mode: VolumeStore.modes.file)
    self.folder = folder
  }

  deinit {
    if !isWhole { _ = try? folder.unlink(part) }
  }

  mutating func write(_ bytes: [UInt8]) throws(VolumeError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file.raw, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .system(SystemError(count == 0 ? ENOSPC : errno, "write to", folder.subpath(name))) }
      rest = rest.dropFirst(count)
    }
    byteCount += bytes.count
  }

  /// Puts it in its place; its length.
  consuming func finish() throws(VolumeError) -> Int {
    guard fsync(file.raw) == 0 else { throw .system(SystemError(errno, "write to disk", folder.subpath(name))) }
    do throws(SystemError) {
      try folder.move(part, to: folder, as: name)
      isWhole = true
      try folder.sync()
    } catch {
      throw .system(error)
    }
    return byteCount
  }
}
