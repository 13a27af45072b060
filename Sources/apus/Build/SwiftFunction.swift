import ApusModel
import ApusStack
import Glibc

/// A function that is built here: its sources, and the program that they become.
struct SwiftFunction {
  let name: String
  /// The folder that the stack names; nil if it is not there.
  let sources: String?
  /// Nil if there is nothing to build: the program came some other way.
  let build: SwiftBuild?

  init(_ function: StackFunction, folder: String) {
    name = function.name.name
    let handler = function.build.handler.map { FolderPath.absolute($0.hasPrefix("/") ? $0 : "\(folder)/\($0)") }
    sources = handler.flatMap { access($0, R_OK | X_OK) == 0 ? $0 : nil }
    build = sources.flatMap { [name] in SwiftBuild(name, sources: $0) }
  }

  var program: BuiltProgram { BuiltProgram(path: build?.program ?? "\(BuiltProgram.folder)/\(name)") }

  /// Whether a build would change the program, as far as can be told without one.
  var isCurrent: Bool {
    guard let builtAt = program.builtAt else { return false }
    guard let sources else { return true }
    return max(SourceState(of: sources).newest, manifestChangedAt) <= builtAt
  }

  private var manifestChangedAt: Int {
    // The manifest of the package that holds this program changes with every part of Apus: only its own counts.
    guard let build, build.package == sources else { return 0 }
    var status = stat()
    return stat("\(build.package)/Package.swift", &status) == 0 ? SourceState.nanoseconds(status.st_mtim) : 0
  }
}
