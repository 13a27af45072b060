import Glibc

/// Programs of the system that the benchmarks use if they are there.
enum Tools {
  /// Where a program is, also in the places an ordinary user's PATH leaves out.
  static func find(_ name: String) -> String? {
    let path = environmentValue("PATH") ?? "/usr/bin:/bin"
    var folders = path.split(separator: ":").map(String.init)
    folders += ["/usr/sbin", "/usr/local/sbin", "/usr/local/go/bin", "/usr/lib/go-1.19/bin"]
    return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  static func require(_ name: String, for purpose: String) throws(BenchError) -> String {
    guard let path = find(name) else { throw .missing("\(name) is not installed, so there is no \(purpose)") }
    return path
  }
}
