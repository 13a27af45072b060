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
    for name in (try? names(in: path)) ?? [] { remove(path + "/" + name, depth: depth + 1) }
    rmdir(path)
  }
}
