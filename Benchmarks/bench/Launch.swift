import CBenchSpawn
import Glibc

/// How to start a program: the same way for ours and for every peer.
struct Launch {
  /// Who it is, for messages.
  var name: String
  var path: String
  var arguments: [String] = []
  var environment: [String: String] = [:]
  /// A listening socket to hand over as descriptor 3 (PROTOCOLS.md §2), or -1.
  var listener: Int32 = -1
  /// Bit mask of allowed processors, 0 for all.
  var processors: UInt = 0
  /// The file that gets standard output and standard error.
  var output: String

  /// What every child sees of our own environment, servers and compilers alike.
  private static let inherited = ["PATH", "HOME", "TMPDIR", "LANG", "XDG_CACHE_HOME"]

  var wholeEnvironment: [String] {
    var result: [String] = []
    for name in Self.inherited where environment[name] == nil {
      if let value = environmentValue(name) { result.append("\(name)=\(value)") }
    }
    for (name, value) in environment { result.append("\(name)=\(value)") }
    if listener >= 0 { result += ["LISTEN_FDS=1", "LISTEN_FDNAMES=http"] }
    return result
  }
}
