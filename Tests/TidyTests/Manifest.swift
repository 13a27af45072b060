/// What Package.swift says about folders, read as text: SwiftPM itself is silent about files that no target holds.
struct Manifest {
  private let text: String

  init(text: String) { self.text = text }

  /// Sources that no target compiles: nobody would notice them rot.
  func orphans(among files: [SourceFile]) -> [Offence] {
    files.filter { $0.isCode && $0.isUnder("Sources/", "Tests/", "Functions/") && !holds($0.path) }.map {
      Offence(path: $0.path, line: 1, remedy: "no target in Package.swift holds this file: declare one, or delete it")
    }
  }

  private func holds(_ path: String) -> Bool {
    let parts = path.split(separator: "/").map(String.init)
    for length in 2...max(2, parts.count - 1) where length < parts.count {
      let folder = parts[..<length].joined(separator: "/")
      if text.contains("path: \"\(folder)\"") { return true }
      if length == 4, text.contains("of: \"\(parts[1])\", \"\(parts[3])\"") { return true }
      let declarations =
        switch (parts[0], parts[1], length) {
        case ("Sources", "CModules", 3): ["systemLibrary"]
        case ("Sources", _, 2): ["library", "executable"]
        case ("Tests", _, 2): ["tests"]
        case ("Functions", let function, 4) where function == parts[3]: ["function", "loadingFunction"]
        default: [] as [String]
        }
      // `systemLibrary("CYAML"` contains `ibrary("CYAML"`, but not with a space or parenthesis before it.
      if declarations.contains(where: { text.contains(" \($0)(\"\(parts[length - 1])\"") }) { return true }
    }
    return false
  }
}
