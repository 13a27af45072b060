import ApusIO
import ApusLauncher
import Foundation
import Instruments

/// A program that we did not write, run to its end: what it said is evidence that our own output could not be.
struct Tool {
  var end: ChildProcess.Exit
  var output: Data
  var errors: String

  var text: String { String(decoding: output, as: UTF8.self) }

  /// Runs `command` for 60 seconds at most. Input and output are files, so that it never waits for us.
  @discardableResult
  static func run(_ command: [String], input: Data = Data()) throws -> Tool {
    let folder = try ScratchFolder()
    let input = try FileHandle(forReadingFrom: folder.file("in", input))
    let output = try FileHandle(forWritingTo: folder.file("out"))
    let errors = try FileHandle(forWritingTo: folder.file("err"))
    let child = try ChildProcess.spawn(
      plan(command, [0: input.fileDescriptor, 1: output.fileDescriptor, 2: errors.fileDescriptor]))
    let end = try wait(for: child, .seconds(60))
    return try Tool(
      end: end, output: folder.content("out"), errors: String(decoding: folder.content("err"), as: UTF8.self))
  }

  static func plan(_ command: [String], _ descriptors: [CInt: CInt]) -> ChildProcess.Plan {
    var plan = ChildProcess.Plan("/usr/bin/" + command[0], Array(command.dropFirst()))
    plan.descriptors = descriptors
    return plan
  }

  private static func wait(for child: consuming ChildProcess, _ limit: Duration) throws -> ChildProcess.Exit {
    let loop = try Loop()
    let held = Held(child)
    return try loop.runUntilDone { try await held.child.wait(on: loop, deadline: loop.now + limit) }
  }

  /// A closure can't own a program by itself.
  private final class Held: Sendable {
    let child: ChildProcess
    init(_ child: consuming ChildProcess) { self.child = child }
  }

  /// Runs openssl with `arguments`, where @ stands for `folder`.
  static func openssl(_ arguments: String, in folder: URL) throws {
    let words = arguments.split(separator: " ").map { String($0).replacing("@", with: folder.path + "/") }
    let result = try run(["openssl"] + words)
    guard result.end.isSuccess else { throw Failure(description: "openssl \(arguments): \(result.errors)") }
  }

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }
}
