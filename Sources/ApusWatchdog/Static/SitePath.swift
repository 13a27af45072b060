import ApusModel

/// The path of a request as names of folders and a file below the site's root.
package struct SitePath: Equatable, Sendable {
  package let names: [String]
  /// It ends with a slash: a folder is meant.
  package let isFolder: Bool

  /// Nil for what can't be a file's path here: `..`, a slash or a NUL in disguise, a hidden name.
  package init?(_ path: String) {
    guard path.hasPrefix("/") else { return nil }
    var names: [String] = []
    for part in path.split(separator: "/") {
      guard let name = PercentCoding.decode(part), name != ".." else { return nil }
      if name == "." || name.isEmpty { continue }
      guard !name.utf8.contains(0), !name.utf8.contains(UInt8(ascii: "/")) else { return nil }
      // What tools leave behind (.git, .env) is not for everybody; RFC 8615 has one name that is.
      guard !name.hasPrefix(".") || name == ".well-known" else { return nil }
      names.append(name)
    }
    self.names = names
    isFolder = path.hasSuffix("/")
  }

  /// As the kernel takes it; `.` for the root itself.
  package var text: String { names.isEmpty ? "." : names.joined(separator: "/") }

  /// The file that stands for the folder.
  package var index: String { names.isEmpty ? "index.html" : "\(text)/index.html" }
}
