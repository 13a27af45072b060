import Foundation

/// Errors end up in front of people: one without words of its own is shown as the name of a Swift case.
enum SpokenErrors {
  /// Those that are never shown.
  private static let silent: Set<String> = ["ExitStatus"]

  static func offences(in sources: [SourceFile]) -> [Offence] {
    let spoken = Set(
      sources.flatMap(\.lines).filter { $0.contains("CustomStringConvertible") }.flatMap { line in
        line.matches(of: /(?:extension|struct|enum|class) (?:\w+\.)*(\w+)/).map { String($0.1) }
      })
    return sources.flatMap { file in
      file.lines.enumerated().compactMap { index, line -> Offence? in
        guard let match = line.firstMatch(of: /(?:struct|enum|class) (\w+):[^{]*[ .]Error\b/) else { return nil }
        let name = String(match.1)
        guard !spoken.contains(name), !silent.contains(name) else { return nil }
        return Offence(
          path: file.path, line: index + 1,
          remedy: "\(name) has no words: make it CustomStringConvertible, with what happened and what to do")
      }
    }
  }
}
