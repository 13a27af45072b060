import Glibc

/// Paths by their text, for what may be behind a link that a person made on purpose.
enum FolderPath {
  /// From `/`, without `.`, `..` and slashes that say nothing.
  static func absolute(_ path: String) -> String {
    var parts: [Substring] = []
    let whole = path.hasPrefix("/") ? path : "\(current)/\(path)"
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// `path` and the folders around it, from the inside out.
  static func around(_ path: String) -> [String] {
    var parts = absolute(path).split(separator: "/")
    var folders: [String] = []
    while !parts.isEmpty {
      folders.append("/" + parts.joined(separator: "/"))
      parts.removeLast()
    }
    return folders
  }

  /// What is behind all links; nil if nothing is there.
  static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// Without the last part.
  static func parent(_ path: String) -> String {
    let whole = absolute(path)
    guard let slash = whole.lastIndex(of: "/"), slash != whole.startIndex else { return "/" }
    return String(whole[..<slash])
  }

  private static var current: String {
    guard let path = getcwd(nil, 0) else { return "" }
    defer { free(path) }
    return String(cString: path)
  }
}
