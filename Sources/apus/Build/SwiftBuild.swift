import ApusIO
import Glibc

/// How the program of a Swift function is built: one command, known by its words, so that it runs once for all whom it
/// builds.
struct SwiftBuild: Hashable {
  /// The folder of Package.swift.
  let package: String
  let tool: String
  let arguments: [String]
  /// Where it puts the program.
  let program: String

  /// For the product `name` of the package in which `folder` lies; nil if there is none around it.
  init?(_ name: String, sources folder: String) {
    guard let package = FolderPath.around(folder).first(where: { access("\($0)/Package.swift", R_OK) == 0 }) else {
      return nil
    }
    self.package = package
    let own = BuiltProgram.folder
    // The package that this very program was built from: the same build, or all of it would be built anew.
    if let builds = FolderPath.real("\(package)/.build"), own.hasPrefix(builds + "/") {
      program = "\(own)/\(name)"
      let isRelease = own.hasSuffix("/release")
      tool = isRelease ? "make" : "swift"
      arguments = isRelease ? ["-C", package, "build"] : ["build", "--package-path", package, "--product", name]
    } else {
      program = "\(package)/.build/release/\(name)"
      tool = "swift"
      // The package's own linker setting needs the second and the third (docs/decisions/0003).
      arguments = [
        "build", "-c", "release", "--static-swift-stdlib", "-Xswiftc", "-use-ld=lld", "--package-path", package,
        "--product", name,
      ]
    }
  }

  /// As a person would type it.
  var text: String { ([tool] + arguments).joined(separator: " ") }
}
