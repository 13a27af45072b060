import ApusIO
import CLinux
import Glibc
import Instruments
import Testing

@Suite struct `A task on a loop` {
  private actor Counter {
    private(set) var onLoop = 0
    private(set) var elsewhere = 0

    func count(_ loop: Loop) async {
      if loop.isCurrent { onLoop += 1 } else { elsewhere += 1 }
      await Task.yield()
      if loop.isCurrent { onLoop += 1 } else { elsewhere += 1 }
    }
  }

  private struct Failed: Error, Equatable {}

  private static func deep(_ levels: Int, _ loop: Loop) async -> Bool {
    await Task.yield()
    if levels == 0 { return loop.isCurrent }
    return await deep(levels - 1, loop) && loop.isCurrent
  }

  @concurrent private static func concurrently(_ loop: Loop) async -> Bool { loop.isCurrent }

  @Test func `stays on its thread through functions, children and actors`() async throws {
    try await onLoop { loop in
      #expect(apus_current_loop() == Unmanaged.passUnretained(loop).toOpaque())
      #expect(await Self.deep(50, loop))
      #expect(await Self.concurrently(loop), "the preference holds for @concurrent functions too")
      async let child = Self.deep(3, loop)
      #expect(await child)
      let counter = Counter()
      let children = await withTaskGroup(of: Bool.self) { group in
        for index in 0..<20 {
          group.addTask {
            await counter.count(loop)
            return await Self.deep(index, loop)
          }
        }
        return await group.reduce(into: [Bool]()) { $0.append($1) }
      }
      #expect(children == Array(repeating: true, count: 20))
      #expect(await counter.onLoop == 40)
      #expect(await counter.elsewhere == 0)
      #expect(loop.isCurrent)
    }
  }

  @Test func `leaves for the program's other threads to offload, and comes back`() async throws {
    try await onLoop { loop in
      let here = pthread_self()
      let (wasHere, there) = try await offload { (loop.isCurrent, pthread_self()) }
      #expect(!wasHere)
      #expect(there != here)
      #expect(loop.isCurrent && pthread_self() == here)
      await #expect(throws: Failed()) { try await offload { throw Failed() } }
      #expect(loop.isCurrent)
    }
  }

  @Test func `goes on while another is offloaded`() async throws {
    try await onLoop { loop in
      let pipe = try Pipe(nonBlocking: false)
      let (reading, writing) = (pipe.reading.raw, pipe.writing.raw)
      async let byte = offload { () -> UInt8 in
        var byte: UInt8 = 0
        read(reading, &byte, 1)
        return byte
      }
      // Were the loop's thread in `read`, it would never come here.
      try await loop.sleep(until: .now() + .milliseconds(5))
      var sent: UInt8 = 42
      write(writing, &sent, 1)
      #expect(try await byte == 42)
      _ = pipe.reading.raw
    }
  }

  @Test func `finds a value of its loop`() async throws {
    try await onLoop { loop in
      let bound = LoopBound(5, to: loop)
      #expect(bound.value == 5)
      #expect(
        await withTaskGroup(of: Int.self) { group in
          group.addTask { bound.value }
          return await group.next()
        } == 5)
    }
  }

  @Test func `traps on another thread's use of a value of the loop`() async {
    await #expect(processExitsWith: .failure) {
      let bound = LoopBound(5, to: try Loop())
      _ = bound.value
    }
  }
}
