import ApusStack
import Foundation
import Testing

/// A folder of Golden: a stack.yml, the files that it names, and what reading it has to say.
///
/// `env` holds the variables, one `NAME=VALUE` a line. `expected.txt` is the diagnoses, then the outline of the stack
/// if there are no errors. Each is written from the contract, by hand: output that is copied in tests nothing.
struct GoldenStack: Sendable, CustomTestStringConvertible {
  let folder: URL

  var testDescription: String { folder.lastPathComponent }

  static let all: [GoldenStack] = {
    let top = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: top.path)) ?? []
    return names.sorted().map { GoldenStack(folder: top.appending(path: $0)) }
  }()

  func expected() throws -> String {
    try String(contentsOf: folder.appending(path: "expected.txt"), encoding: .utf8)
  }

  func text() throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: "stack.yml"))) }

  var environment: [String: String] {
    let lines = (try? String(contentsOf: folder.appending(path: "env"), encoding: .utf8)) ?? ""
    var environment: [String: String] = [:]
    for line in lines.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      environment[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
    return environment
  }

  /// Reads the stack, or another text in its place.
  func read(_ text: [UInt8]) throws(StackError) -> Stack {
    try Stack.read(text, file: "stack.yml", environment: environment, files: StackFolder(folder.path))
  }

  /// What reading says, in the form of `expected.txt`.
  func reading() throws -> String {
    let text = try text()
    do throws(StackError) {
      let stack = try read(text)
      return stack.warnings.map { "\($0)\n" }.joined() + outline(stack)
    } catch {
      return "\(error)\n"
    }
  }
}
