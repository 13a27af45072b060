package import ApusIO
internal import Glibc

extension Folder {
  /// The names in it, in no order, without `.` and `..`. A name that is not UTF-8 comes out as another.
  package func names() throws(SystemError) -> [String] {
    // The stream takes the descriptor that it reads, and its position.
    let own = try reopened()
    guard let stream = fdopendir(own.descriptor.raw) else { throw SystemError(errno, "read the folder", path) }
    _ = own.take().release()
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      // readdir(3) tells its end from an error by errno alone.
      errno = 0
      guard let entry = readdir(stream) else { break }
      let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
      let name = String(cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
      if name != "." && name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw SystemError(errno, "read the folder", path) }
    return names
  }

  /// Removes what has that name, and all that is in it; nothing there is no error.
  package func removeTree(_ name: String) throws(SystemError) {
    guard let entry = try entry(name) else { return }
    guard entry.kind == .folder else {
      _ = try unlink(name)
      return
    }
    let inner = try folder(name)
    for name in try inner.names() { try inner.removeTree(name) }
    guard unlinkat(descriptor.raw, name, AT_REMOVEDIR) == 0 else {
      throw SystemError(errno, "remove the folder", subpath(name))
    }
  }

  private consuming func take() -> Descriptor { descriptor }
}
