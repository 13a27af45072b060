import Glibc

/// The folder of a stack.yml, from which the paths in it are counted.
package struct StackFolder: StackFiles {
  private let path: String

  package init(_ path: String) {
    self.path = path
  }

  package func read(_ path: String, limit: Int) throws(StackFileError) -> [UInt8] {
    // A path with a zero byte would be another path to the system.
    guard !path.utf8.contains(0) else { throw .unreadable(reason: String(cString: strerror(ENOENT))) }
    let whole = path.hasPrefix("/") ? path : self.path + "/" + path
    guard let file = fopen(whole, "re") else { throw .unreadable(reason: String(cString: strerror(errno))) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= limit {
      let count = fread(&piece, 1, piece.count, file)
      if count == 0 {
        // A folder opens, and fails only here.
        guard ferror(file) == 0 else { throw .unreadable(reason: String(cString: strerror(errno))) }
        return bytes
      }
      bytes.append(contentsOf: piece[..<count])
    }
    throw .tooLarge(limit: limit)
  }
}
