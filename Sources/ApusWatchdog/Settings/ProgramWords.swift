import Glibc

/// A program with its arguments, out of `fprocess`: words between spaces, without any quoting, as the contract has it.
package struct ProgramWords: Equatable, Sendable {
  package var name: String
  package var arguments: [String]

  /// Nil if there is no word in it.
  package init?(_ text: String) {
    let words = text.split(separator: " ").map(String.init)
    guard let first = words.first else { return nil }
    name = first
    arguments = Array(words.dropFirst())
  }

  /// The program's file: what a path leads to, or what a name stands for in the folders of `path`, then in the working
  /// folder, where a function's own files are. Nil if there is none that can be executed.
  package func file(searching path: String?) -> String? {
    if name.contains("/") { return ProgramWords.isProgram(name) ? name : nil }
    let folders = (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
    let places = folders.map { "\($0)/\(name)" } + ["./\(name)"]
    return places.first(where: ProgramWords.isProgram)
  }

  private static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }
}
