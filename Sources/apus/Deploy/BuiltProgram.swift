import Glibc

/// The program of a Swift function: an executable of its name beside `apus`, where one build puts both.
struct BuiltProgram {
  let path: String
  /// Something in the function's folder was changed after the program was built.
  let isOlderThanSources: Bool

  /// Nil if there is no such program.
  init?(_ name: String, sources folder: String?) {
    path = "\(Self.folder)/\(name)"
    var status = stat()
    guard access(path, X_OK) == 0, stat(path, &status) == 0 else { return nil }
    let built = status.st_mtim
    isOlderThanSources = folder.map { Self.newest(in: $0, depth: 0) > Self.nanoseconds(built) } ?? false
  }

  /// Where this program is.
  static var folder: String {
    guard let path = realpath("/proc/self/exe", nil) else { return "." }
    defer { free(path) }
    return String(cString: path).split(separator: "/").dropLast().reduce(into: "") { $0 += "/\($1)" }
  }

  private static func nanoseconds(_ time: timespec) -> Int { time.tv_sec * 1_000_000_000 + time.tv_nsec }

  /// The last change of a file below `folder`; hidden ones do not count, nor what is deeper than any sources are.
  private static func newest(in folder: String, depth: Int) -> Int {
    guard depth < 16, let list = opendir(folder) else { return 0 }
    defer { closedir(list) }
    var newest = 0
    while let entry = readdir(list) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(".") { continue }
      var status = stat()
      guard lstat("\(folder)/\(name)", &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        newest = max(newest, Self.newest(in: "\(folder)/\(name)", depth: depth + 1))
      } else {
        newest = max(newest, nanoseconds(status.st_mtim))
      }
    }
    return newest
  }
}
