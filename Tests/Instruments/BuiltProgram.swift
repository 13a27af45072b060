import ApusIO
import Glibc

/// The executables of this package, which the build puts beside the tests' bundle.
package enum BuiltProgram {
  package static func path(_ name: String) throws -> String {
    var bytes = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &bytes, bytes.count)
    let bundle = String(decoding: bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // The runner may be the toolchain's own, which loads the bundle named in its arguments.
    for candidate in [bundle] + CommandLine.arguments {
      let folder = candidate.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      if access("\(folder)/\(name)", X_OK) == 0 { return "\(folder)/\(name)" }
    }
    throw SystemError(ENOENT, "find the program", name, advice: "swift build makes it")
  }

  package static func folder() throws -> String {
    try path("apus").split(separator: "/").dropLast().reduce(into: "") { $0 += "/\($1)" }
  }
}
