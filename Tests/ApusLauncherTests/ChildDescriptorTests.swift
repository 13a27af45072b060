import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

@Suite struct `A child's descriptors` {
  /// `count` files of the folder, open and readable, whose content is their number; all at 200 or above, away from
  /// others.
  private static func files(_ count: Int, in folder: String, closedOnExec: Bool) throws -> [CInt] {
    try (0..<count).map { index in
      let path = "\(folder)/\(index)"
      try writeFile(path, "\(index)")
      let low = open(path, O_RDONLY | O_CLOEXEC)
      defer { close(low) }
      return fcntl(low, closedOnExec ? F_DUPFD_CLOEXEC : F_DUPFD, 200)
    }
  }

  private static func read(_ numbers: [CInt], mapped map: [CInt: CInt], on loop: Loop) async throws -> String {
    var plan = ChildProcess.Plan("/bin/cat", numbers.map { "/proc/self/fd/\($0)" })
    plan.descriptors = map
    return try await run(plan, on: loop).output
  }

  @Test(arguments: [true, false])
  func `are where the plan puts them, also in each other's place`(closedOnExec: Bool) async throws {
    try await withFolder { folder in
      try await onLoop { loop in
        let files = try Self.files(3, in: folder, closedOnExec: closedOnExec)
        defer { for file in files { close(file) } }
        let (a, b, c) = (files[0], files[1], files[2])
        #expect(try await Self.read([3, 4], mapped: [3: a, 4: b], on: loop) == "01")
        #expect(try await Self.read([3, 4], mapped: [3: b, 4: a], on: loop) == "10")
        #expect(try await Self.read([a, b], mapped: [a: b, b: a], on: loop) == "10", "swapped")
        #expect(try await Self.read([a, b, c], mapped: [a: b, b: c, c: a], on: loop) == "120", "turned round")
        #expect(try await Self.read([a], mapped: [a: a], on: loop) == "0", "in its own place")
        #expect(try await Self.read([3, 4, 5], mapped: [3: a, 4: a, 5: a], on: loop) == "000", "one for three")
        #expect(try await Self.read([0], mapped: [0: c], on: loop) == "2", "as standard input")
      }
    }
  }

  @Test func `are those of the plan and no other`() async throws {
    try await withFolder { folder in
      try await onLoop { loop in
        // Neither the flag nor the number protects what was not named.
        let files = try Self.files(3, in: folder, closedOnExec: false)
        defer { for file in files { close(file) } }
        var plan = ChildProcess.Plan("/bin/ls", ["/proc/self/fd"])
        // The fourth is the folder that `ls` reads.
        #expect(try await Self.listed(plan, on: loop) == [0, 1, 2, 3])
        plan.descriptors = [files[0]: files[1]]
        #expect(try await Self.listed(plan, on: loop) == [0, 1, 2, 3, files[0]])
        plan.descriptors = [7: files[0], 9: files[2]]
        #expect(try await Self.listed(plan, on: loop) == [0, 1, 2, 3, 7, 9])
      }
    }
  }

  private static func listed(_ plan: ChildProcess.Plan, on loop: Loop) async throws -> [CInt] {
    try await run(plan, on: loop).output.split(separator: "\n").compactMap { CInt($0) }.sorted()
  }

  @Test(arguments: [[3: 9_999], [-1: 0], [1_000_000_000: 0]] as [[CInt: CInt]])
  func `that can't be had are an error`(map: [CInt: CInt]) {
    var plan = ChildProcess.Plan("/bin/true")
    plan.descriptors = map
    let error = #expect(throws: SystemError.self) { _ = try ChildProcess.spawn(plan) }
    #expect(error?.operation == "hand descriptors to")
    #expect(error?.subject == "/bin/true")
  }

  @Test func `have a limit in number`() {
    var plan = ChildProcess.Plan("/bin/true")
    plan.descriptors = Dictionary(uniqueKeysWithValues: (3..<68).map { ($0, 0) })
    let error = #expect(throws: SystemError.self) { _ = try ChildProcess.spawn(plan) }
    #expect(error?.code == E2BIG)
  }
}
