import ApusArtefacts
import ApusDeployment
import ApusIO
import ApusModel
import ApusStack
import Glibc

/// A function that needs no build: its files are what is deployed, and `fprocess` says what of them, or of the
/// machine's programs, is run.
struct PlainFunction {
  /// The folder that the stack names; nil if it names none.
  let program: ReadyProgram?
  private let process: String

  /// Nil for a function whose program comes some other way: from a Swift package, or a template of faas-cli.
  init?(_ function: StackFunction, folder stack: String) {
    let deployment = function.deployment
    guard !function.build.isSkipped, !["swift", "program"].contains(function.build.language) else { return nil }
    guard deployment.envProcess?.isEmpty == false || deployment.envVars["mode"] == "static" else { return nil }
    process = deployment.envProcess ?? "a static site"
    let handler = function.build.handler.map { ReadyProgram(given: $0, folder: stack) }
    program = handler.flatMap { access($0.path, R_OK | X_OK) == 0 ? $0 : nil }
  }

  /// What is uploaded for a program that the machine has and that brings no files of its own: an artefact must have
  /// one.
  func withNote<Answer>(_ body: (ReadyProgram) async throws -> Answer) async throws -> Answer {
    var template = Array("/tmp/apus-note-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw SystemError(errno, "make a folder below", "/tmp") }
    let folder = String(cString: made)
    let file = "\(folder)/fprocess"
    defer {
      unlink(file)
      rmdir(folder)
    }
    try NewFile.write(Array("\(process)\n".utf8), to: file)
    return try await body(ReadyProgram(path: folder))
  }
}
