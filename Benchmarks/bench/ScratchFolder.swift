import Glibc

/// A short private folder that is removed with all it holds; sun_path has only 108 bytes (unix(7)).
struct ScratchFolder: ~Copyable {
  let path: String

  init() throws(BenchError) {
    var template = Array("/tmp/bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw .system("cannot make a folder in /tmp") }
    path = template.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
  }

  deinit { Self.remove(path, depth: 0) }

  private static func remove(_ path: String, depth: Int) {
    // unlink fails on a folder, and nothing of ours is deeper than nginx's temporary folders.
    if unlink(path) == 0 || depth > 8 { return }
    if let folder = opendir(path) {
      var names: [String] = []
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
          tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { names.append(name) }
      }
      closedir(folder)
      for name in names { remove(path + "/" + name, depth: depth + 1) }
    }
    rmdir(path)
  }
}
