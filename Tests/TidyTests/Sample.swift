import Testing

/// A piece of text that breaks one rule on certain lines, or none.
struct Sample: Sendable, CustomTestStringConvertible {
  var rule: String
  var path: String
  var text: String
  /// Lines (from 1) on which the rule must find something.
  var offends: [Int]

  var testDescription: String { "\(path), \(rule)" }

  init(_ rule: String, _ path: String, _ text: String, offends: [Int]) {
    self.rule = rule
    self.path = path
    self.text = text
    self.offends = offends
  }

  static let all: [Sample] = lengths + banned + escapes + imports + words

  private static let lengths = [
    Sample("a file has at most 400 lines", "Sources/ApusIO/A.swift", lines(401), offends: [400]),
    Sample("a file has at most 400 lines", "Sources/ApusIO/A.swift", lines(400), offends: []),
    Sample("a line has at most 120 characters", "A.swift", "\n// " + String(repeating: "é", count: 118), offends: [2]),
    Sample("a line has at most 120 characters", "A.swift", "// " + String(repeating: "é", count: 117), offends: []),
    Sample("a function has at most 60 lines", "A.swift", "\n" + function(lines: 61), offends: [2]),
    Sample("a function has at most 60 lines", "A.swift", function(lines: 60), offends: []),
    Sample(
      "a function has at most 60 lines", "A.swift", "protocol P {\n  func f()\n  init()\n}\n" + lines(80), offends: []),
    // Brackets in a string or a comment are not brackets.
    Sample(
      "a function has at most 60 lines", "A.swift",
      "func f() {\n  g(\"}\") // }\n  let s = #\"\"}\"#\n" + lines(60) + "}\n", offends: [1]),
    Sample(
      "a function has at most 60 lines", "A.swift", "init(_ f: () -> Void = { }) {\n" + lines(60) + "}\n",
      offends: [1]),
  ]

  private static let banned = [
    Sample(
      "tasks are structured", "Sources/ApusHTTP/A.swift",
      "Task { }\nTask.detached { }\nTask(priority: .high) { }\nlet t: Task<Void, Never>\nMyTask { }\n// Task { }",
      offends: [1, 2, 3]),
    Sample("tasks are structured", Rule.taskFile, "Task { }", offends: []),
    Sample("tasks are structured", "Tests/ApusIOTests/A.swift", "Task { }", offends: []),
    Sample(
      "nothing forks a process with threads", "Sources/A/A.swift", "let x = fork()\nvfork_like(unfork())",
      offends: [1]),
    Sample(
      "nothing forks a process with threads", "Sources/CModules/C/a.c", "/* fork() */\n pid = fork();", offends: [2]),
    Sample(
      "no trap hides in an expression", "Tests/A.swift", "try! f()\nx as! Int\ntry f() // try!\n\"as!\"",
      offends: [1, 2]),
    Sample("no trap hides in an expression", "Tests/A.swift", "g(\"a \\(try! f(\")\")) b\")", offends: [1]),
    Sample(
      "libraries do not write to standard output", "Sources/ApusHTTP/A.swift", "print(1)\nfingerprint(1)\n\"print(\"",
      offends: [1]),
    Sample("libraries do not write to standard output", "Sources/apus/A.swift", "print(1)", offends: []),
    Sample("nobody looks behind access control", "Tests/A.swift", "\n@testable import Apus", offends: [2]),
    Sample(
      "public is what a function author sees", "Sources/ApusHTTP/A.swift", "public struct A {}\nlet isPublic = 1",
      offends: [1]),
    Sample("public is what a function author sees", "Sources/Apus/A.swift", "public struct A {}", offends: []),
    Sample("files are named for what they hold", "Sources/A/StringUtils.swift", "", offends: [1]),
    Sample("files are named for what they hold", "Sources/A/Array+Extensions.swift", "", offends: [1]),
    Sample("files are named for what they hold", "Sources/A/PoolManager.swift", "", offends: [1]),
    Sample("files are named for what they hold", "Sources/A/Managerial.swift", "", offends: []),
  ]

  private static let escapes = [
    Sample(
      "every promise to the compiler carries its reason", "Sources/ApusIO/A.swift",
      "final class A: @unchecked Sendable {}\nnonisolated(unsafe) var x = 1", offends: [1, 2]),
    Sample(
      "every promise to the compiler carries its reason", "Sources/ApusIO/A.swift",
      "// Safe because the lock below\n// is held.\nfinal class A: @unchecked Sendable {}", offends: []),
    Sample(
      "every promise to the compiler carries its reason", "Sources/ApusIO/A.swift",
      "// Safe because it is old.\nlet y = 1\nnonisolated(unsafe) var x = 1", offends: [3]),
    Sample(
      "unchecked conformances stand in ApusIO and ApusTLS only", "Sources/ApusHTTP/A.swift",
      "// Safe because of that\nfinal class A: @unchecked Sendable {}", offends: [2]),
    Sample(
      "unchecked conformances stand in ApusIO and ApusTLS only", "Sources/ApusTLS/A.swift",
      "final class A: @unchecked Sendable {}", offends: []),
  ]

  private static let imports = [
    Sample(
      "imports go downwards", "Sources/ApusHTTP/A.swift", "import ApusIO\nimport Apus\nimport CYAML", offends: [2, 3]),
    Sample(
      "imports go downwards", "Sources/apus/Commands/UpCommand.swift", "package import struct ApusGateway.Routes",
      offends: [1]),
    Sample("imports go downwards", "Sources/ApusJSON/A.swift", "@_exported import ApusModel", offends: [1]),
    Sample("imports go downwards", "Functions/hello/A.swift", "import Apus\nimport ApusHTTP", offends: [2]),
    Sample("imports go downwards", "Functions/authenticate/A.swift", "import ApusAccounts", offends: []),
    Sample(
      "imports go downwards", "Functions/forecast/Service/A.swift", "import Apus\nimport Forecasting", offends: []),
    Sample("every folder has its rung", "Sources/ApusAnything/A.swift", "", offends: [1]),
    Sample(
      "sources link no Foundation", "Sources/Apus/A.swift",
      "import Foundation\nimport FoundationEssentials\nimport Glibc\n// import Foundation\nimport Dispatch",
      offends: [1, 2, 5]),
    Sample("tests are Swift Testing", "Tests/A.swift", "import Testing\nimport XCTest", offends: [2]),
  ]

  private static let words = [
    Sample(
      "nothing is left unfinished", "docs/A.md", "To do\n" + "TO" + "DO later\nthis is not imple" + "mented",
      offends: [2, 3]),
    Sample("nothing is left unfinished", "A.swift", "let name = \"/tmp/apus-XXXXXX\"", offends: []),
    Sample(
      "no path of one machine", "A.md",
      "see /wo" + "rk/x\n\"/ho" + "me/me/x\"\nsrc/wo" + "rk/x\nstatic_path is /home/app/public", offends: [1, 2]),
    Sample("the text speaks about the project", "A.md", "written by Clau" + "de", offends: [1]),
  ]

  private static func lines(_ count: Int) -> String { String(repeating: "x\n", count: count) }

  private static func function(lines count: Int) -> String { "func f() {\n" + lines(count - 2) + "}\n" }
}
