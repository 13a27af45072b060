extension Rule {
  static let escapes = [
    Rule(name: "every promise to the compiler carries its reason") { file in
      guard file.isSwift else { return [] }
      return ["@unchecked Sendable", "nonisolated(unsafe)"].flatMap { word in
        file.lines(containing: word).filter { !file.isReasoned($0) }.map {
          Offence(path: file.path, line: $0, remedy: "\(word) without a reason: write // Safe because … above it")
        }
      }
    },
    Rule(name: "unchecked conformances stand in ApusIO and ApusTLS only") { file in
      guard file.isSwift, file.isUnder("Sources/", "Functions/"), !file.isUnder("Sources/ApusIO/", "Sources/ApusTLS/")
      else { return [] }
      return file.offences(where: "@unchecked", "use a value, a Mutex or an actor, so that the compiler checks it")
    },
  ]
}

extension SourceFile {
  /// Whether the line, or the run of comment lines directly above it, says why it is safe.
  fileprivate func isReasoned(_ line: Int) -> Bool {
    let reason = "// Safe because"
    if lines[line - 1].contains(reason) { return true }
    for above in lines[..<(line - 1)].reversed() {
      guard above.drop(while: { $0 == " " }).hasPrefix("//") else { return false }
      if above.contains(reason) { return true }
    }
    return false
  }
}
