import ApusIO
import CLinux
import Glibc
import Instruments
import Testing

@Suite struct `A loop's run` {
  private struct Refused: Error, Equatable { var number = 7 }

  /// Runs `body` on a thread of its own, where blocking hurts nobody.
  private func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    let thread = Note<OwnThread?>(nil)
    let value = await withCheckedContinuation { continuation in
      thread.value = OwnThread { continuation.resume(returning: body()) }
    }
    thread.value?.join()
    return value
  }

  @Test func `until done answers the task's value`() async throws {
    let result = await onThread {
      Result {
        let loop = try Loop()
        // Twice, because a loop that has stopped can run again.
        let first = try loop.runUntilDone { loop.isCurrent }
        let second = try loop.runUntilDone {
          try await loop.sleep(until: .now() + .milliseconds(1))
          return 42
        }
        return "\(first) \(second) \(loop.isCurrent)"
      }
    }
    #expect(try result.get() == "true 42 false")
  }

  @Test func `until done throws the task's error`() async throws {
    let result = await onThread {
      Result<Int, any Error> { try Loop().runUntilDone { throw Refused() } }
    }
    #expect(throws: Refused()) { try result.get() }
  }

  @Test(.disabled(if: Sanitizer.ofAddresses, "what is stopped in its midst is lost"))
  func `until done says that something else stopped it`() async throws {
    let result = await onThread {
      Result<Int, any Error> {
        let loop = try Loop()
        return try loop.runUntilDone {
          loop.stop()
          try await loop.sleep(until: .now() + .seconds(60))
          return 1
        }
      }
    }
    let error = #expect(throws: SystemError.self) { try result.get() }
    #expect(error?.code == ECANCELED)
    #expect(error?.advice == "Something else stopped the loop first")
  }

  @Test func `ends at once if it was stopped before it began`() async throws {
    let rounds = try await onThread {
      Result {
        let loop = try Loop()
        loop.stop()
        loop.run()
        OwnThread { loop.stop() }.join()
        loop.run()
        return 2
      }
    }.get()
    #expect(rounds == 2)
  }

  @Test func `ends when another thread stops it, asleep or busy`() async throws {
    try await onThread {
      Result {
        for isBusy in [false, true] {
          let loop = try Loop()
          let runner = OwnThread { loop.run() }
          let isUp = Turn()
          loop.execute { isUp.pass() }
          isUp.wait()
          // The task outlives the run, and goes on with the next: it is there to keep the loop from sleeping.
          let mayEnd = Note(false)
          if isBusy { loop.spawn { while !mayEnd.value { await Task.yield() } } }
          loop.stop()
          runner.join()
          loop.execute { mayEnd.set(true) }
          if isBusy { try loop.runUntilDone { await mayEnd.wait { $0 } } }
        }
      }
    }.get()
  }

  /// The number of a loop's thread in /proc.
  private static func thread(of loop: Loop) async -> String {
    await withTaskExecutorPreference(loop) { threadNumber() }
  }

  @Test func `of a group starts a thread a loop, takes turns, and ends with it`() async {
    await #expect(processExitsWith: .success) {
      let before = openDescriptors()
      do {
        let group = try LoopGroup(count: 3)
        var own: Set<String> = []
        for loop in group.loops { own.insert(await Self.thread(of: loop)) }
        #expect(own.count == 3 && own.isSubset(of: threads()), "\(own) among \(threads())")
        #expect(openDescriptors().count == before.count + 6, "\(openDescriptors()); before: \(before)")
        let turns = (0..<6).map { _ in ObjectIdentifier(group.next()) }
        #expect(Set(turns) == Set(group.loops.map { ObjectIdentifier($0) }))
        #expect(turns[..<3] == turns[3...])
        group.shutDown()
        #expect(soon { own.isDisjoint(with: threads()) }, "\(own) among \(threads())")
        group.shutDown()
      } catch {
        Issue.record(error)
      }
      #expect(openDescriptors() == before, "\(openDescriptors()); before: \(before)")
      #expect(LoopGroup.coreCount >= 1)
    }
  }

  @Test(.disabled(if: Sanitizer.ofAddresses, "it needs room of its own"))
  func `of a group leaves no thread behind when one can't be started`() async {
    await #expect(processExitsWith: .success) {
      let before = threads()
      // Room for some stacks of 8 MiB, and not for a hundred.
      let pages = UInt(contents("/proc/self/statm").split(separator: " ").first ?? "") ?? 0
      var limit = rlimit(rlim_cur: pages * 4096 + 60 << 20, rlim_max: .max)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      let error = #expect(throws: SystemError.self) { _ = try LoopGroup(count: 100) }
      #expect(error?.operation == "start a thread for a loop")
      // A few may be the language's own pool, which grows as it likes; ours would be six or seven.
      #expect(soon { threads().subtracting(before).count < 4 })
    }
  }

  @Test(.disabled(if: Sanitizer.ofAddresses, "it keeps what was freed"))
  func `of a group that one of its own threads shuts down leaves nothing of that thread`() async {
    await #expect(processExitsWith: .success) {
      let before = mappedBytes()
      for _ in 0..<400 {
        let known = threads()
        let group = try LoopGroup(count: 1)
        group.loops[0].execute { group.shutDown() }
        #expect(soon { threads().isSubset(of: known) })
      }
      // A thread that nobody waits for keeps its stack of 8 MiB; what else there is are the allocator's arenas.
      let grown = mappedBytes() - before
      #expect(grown < 200 * 8 << 20, "four hundred threads left \(grown) bytes of addresses")
    }
  }

  @Test(.disabled(if: Sanitizer.ofAddresses, "it keeps what was freed"))
  func `of a group frees the memory that its threads kept for buffers`() async {
    await #expect(processExitsWith: .success) {
      let before = residentBytes()
      for _ in 0..<50 {
        let group = try LoopGroup(count: 1)
        group.loops[0].execute {
          let blocks = (0..<64).map { _ in apus_block_take() }
          for case let block? in blocks {
            block.initializeMemory(as: UInt8.self, repeating: 1, count: Int(APUS_BLOCK_SIZE))
            apus_block_give(block)
          }
        }
        group.shutDown()
      }
      let grown = residentBytes() - before
      #expect(grown < 25 * 64 * Int(APUS_BLOCK_SIZE), "fifty threads left \(grown) bytes")
    }
  }
}
