import Glibc

/// What can be seen of a folder of sources without reading them: two that are equal were not edited in between.
struct SourceState: Equatable {
  /// The last change of a file, in nanoseconds since 1970.
  private(set) var newest = 0
  private(set) var files = 0
  private(set) var bytes = 0
  /// The folder itself and those in it.
  private(set) var folders: [String] = []

  /// Deeper than any sources are.
  private static let depth = 16

  /// Hidden files and folders do not count: among them is what a build makes.
  init(of folder: String) {
    add(folder, depth: 0)
  }

  private mutating func add(_ folder: String, depth: Int) {
    guard depth < Self.depth, let list = opendir(folder) else { return }
    defer { closedir(list) }
    folders.append(folder)
    while let entry = readdir(list) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var status = stat()
      guard !name.hasPrefix("."), lstat("\(folder)/\(name)", &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        add("\(folder)/\(name)", depth: depth + 1)
      } else {
        newest = max(newest, Self.nanoseconds(status.st_mtim))
        files += 1
        bytes += Int(status.st_size)
      }
    }
  }

  static func nanoseconds(_ time: timespec) -> Int { time.tv_sec * 1_000_000_000 + time.tv_nsec }
}
