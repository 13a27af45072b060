import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Synchronization
import Testing

// Each in a process of its own, so that all descriptors and children are theirs.
@Suite(.serialized) struct `Many children` {
  @Test func `leave no descriptor and no zombie`() async {
    await #expect(processExitsWith: .success) {
      try await onLoop { loop in
        let before = openDescriptors()
        for round in 0..<5_000 {
          let child = try ChildProcess.spawn(ChildProcess.Plan("/bin/true"))
          // One in ten is dropped instead, dead or alive.
          if round % 10 == 0 { continue }
          guard try await child.wait(on: loop).isSuccess else { fatalError("round \(round)") }
        }
        #expect(openDescriptors() == before, "\(openDescriptors()); before: \(before)")
        #expect(children().isEmpty, "\(children())")
      }
    }
  }

  @Test func `are started by several threads at once`() async {
    await #expect(processExitsWith: .success) {
      let before = openDescriptors()
      let failures = Tally()
      let threads = (0..<8).map { thread in
        OwnThread {
          for round in 0..<50 {
            do {
              let loop = try Loop()
              let expected = "\(thread) \(round)"
              let result = try loop.runUntilDone {
                try await run(shell("echo '\(expected)'; ls /proc/self/fd | wc -l"), on: loop)
              }
              if !result.exit.isSuccess || result.output != "\(expected)\n4\n" { failures.add("\(result)") }
            } catch {
              failures.add("\(error)")
            }
          }
        }
      }
      for thread in threads { thread.join() }
      #expect(failures.texts == [])
      #expect(openDescriptors() == before, "\(openDescriptors()); before: \(before)")
      #expect(children().isEmpty, "\(children())")
    }
  }

  @Test func `cost no more for a parent with much memory`() async {
    await #expect(processExitsWith: .success) {
      try await onLoop { loop in
        func meanOfTwoHundred() async throws -> Duration {
          let start = Instant.now()
          for _ in 0..<200 { _ = try await ChildProcess.spawn(ChildProcess.Plan("/bin/true")).wait(on: loop) }
          return Instant.now().since(start) / 200
        }
        let small = try await meanOfTwoHundred()
        let size = 300 << 20
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4096)
        memory.initializeMemory(as: UInt8.self, repeating: 1, count: size)
        let large = try await meanOfTwoHundred()
        memory.deallocate()
        // A figure to look at: a bound on time would fail on a busy machine.
        print("a child of a small parent: \(small), of one with 300 MB: \(large)")
      }
    }
  }
}

/// What threads have to report.
private final class Tally: Sendable {
  private let stored = Mutex<[String]>([])

  func add(_ text: String) { stored.withLock { $0.append(text) } }
  var texts: [String] { stored.withLock { $0 } }
}
