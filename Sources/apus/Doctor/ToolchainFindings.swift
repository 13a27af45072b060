import ApusIO
import Glibc

/// What building functions needs; running them needs none of it.
enum ToolchainFindings {
  private static let install = "Install a Swift 6 toolchain (swift.org/install) to build functions with it"

  static func all(on loop: Loop) async -> [Finding] {
    guard let swift = SearchPath.find("swift") else {
      return [.warning("swift", "there is no swift in PATH", install)]
    }
    guard let output = await ToolRun(swift, ["--version"]).output(on: loop), let version = version(in: output) else {
      return [.wrong("swift", "\(swift) does not say its version", install)]
    }
    guard let major = version.split(separator: ".").first.flatMap({ Int($0) }), major >= 6 else {
      return [.wrong("swift", "\(swift) is of version \(version), and Apus needs 6", install)]
    }
    return [.ok("swift", "\(version) at \(swift)")] + libraries(of: swift)
  }

  /// The word behind `Swift version`.
  static func version(in output: String) -> String? {
    let words = output.split { $0 == " " || $0 == "\n" }
    guard let index = words.indices.first(where: { words[$0...].starts(with: ["Swift", "version"]) }) else {
      return nil
    }
    return words.dropFirst(index + 2).first.map(String.init)
  }

  private static func libraries(of swift: String) -> [Finding] {
    let bin = FolderPath.real(swift).map(FolderPath.parent) ?? FolderPath.parent(swift)
    let library = FolderPath.absolute("\(bin)/../lib/swift_static/linux/libswiftCore.a")
    let hasLinker = access("\(bin)/ld.lld", X_OK) == 0 || SearchPath.find("ld.lld") != nil
    let advice = "Take the toolchain from swift.org, which has it: functions are released as static programs"
    return [
      access(library, R_OK) == 0
        ? .ok("swift", "static libraries: there") : .wrong("swift", "static libraries: no \(library)", advice),
      hasLinker ? .ok("swift", "linker lld: there") : .wrong("swift", "linker lld: no ld.lld", advice),
    ]
  }
}
