import Glibc

/// A program that a build made.
struct BuiltProgram {
  let path: String

  var isThere: Bool { access(path, X_OK) == 0 }

  /// In nanoseconds since 1970; nil if it is not there.
  var builtAt: Int? {
    var status = stat()
    guard isThere, stat(path, &status) == 0 else { return nil }
    return SourceState.nanoseconds(status.st_mtim)
  }

  /// Where this program itself is.
  static var folder: String {
    FolderPath.real("/proc/self/exe").map(FolderPath.parent) ?? "."
  }
}
