import ApusArtefacts
import ApusDeployment
import Glibc

/// A program with its arguments, found among the files of an artefact or in the machine's folders of programs.
struct ProgramCommand {
  /// Where the file lies on the machine.
  let path: String
  let arguments: [String]

  /// Where programs that an artefact does not bring are looked for; a replica's own `PATH` says the same.
  static let folders = ["/usr/local/bin", "/usr/bin", "/bin"]

  init(handlerOf artefact: ArtefactFolder) {
    path = "\(artefact.path)/handler"
    arguments = []
  }

  /// From an `envProcess`, which is words between spaces, as of-watchdog reads it.
  init(_ text: String, in artefact: ArtefactFolder) throws(APIError) {
    let words = text.split(separator: " ").map(String.init)
    guard let name = words.first else {
      throw APIError(status: 400, "no-program", "envProcess names no program: write what is to be started")
    }
    arguments = Array(words.dropFirst())
    let places = try Self.places(of: name, artefact)
    guard let found = places.first(where: { Self.isProgram($0) }) else {
      throw APIError(
        status: 400, "no-program",
        "envProcess names \(name), which is no program among the files of \(artefact.name) nor in"
          + " \(Self.folders.joined(separator: ", ")): pack it, make it executable, and deploy again")
    }
    path = found
  }

  private static func places(of name: String, _ artefact: ArtefactFolder) throws(APIError) -> [String] {
    let home = ReplicaIsolation.home + "/"
    let inside = name.hasPrefix(home) ? String(name.dropFirst(home.count)) : name
    let parts = inside.split(separator: "/", omittingEmptySubsequences: false)
    guard !inside.hasPrefix("/"), !parts.contains("..") else {
      throw APIError(
        status: 400, "no-program",
        "envProcess names \(name), which lies outside of the artefact: write its path among the artefact's files, or"
          + " the name alone of a program of the machine")
    }
    let own = "\(artefact.path)/\(parts.filter { $0 != "." && !$0.isEmpty }.joined(separator: "/"))"
    return name.contains("/") ? [own] : [own] + folders.map { "\($0)/\(name)" }
  }

  private static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }
}
