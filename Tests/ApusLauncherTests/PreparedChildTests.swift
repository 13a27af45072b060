import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Synchronization
import Testing

/// That its program sees and may do what any other does is looked at wherever a program is: see `seen`.
@Suite(
  .enabled(if: isRoot, "namespaces of one's own need root"),
  .disabled(if: Sanitizer.ofThreads, "it is a thread in some ways only"))
struct `A prepared child` {
  private func prepared(_ plan: ChildProcess.Plan) throws -> PreparedChild {
    try PreparedChild(try #require(plan.isolation?.template), deathSignal: plan.deathSignal)
  }

  @Test func `is the same for programs that differ in user, name and files`() throws {
    let one = try #require(look("/a", []).isolation)
    var other = one
    other.identity.user = 4711
    other.hostName = "other"
    other.root.shares.append(.volume("/data", at: "/data"))
    #expect(one.template == other.template)
    other.root.scratchBytes = 1 << 20
    #expect(one.template != other.template)
    other = one
    other.needsInit = true
    #expect(other.template == nil, "an init is started in another way")
  }

  @Test func `is not taken for what it was not made for`() async throws {
    try await withFixture { folder in
      let child = try prepared(look(folder, ["pid"]))
      var plan = look(folder, ["pid"])
      plan.isolation?.root.isReadOnly.toggle()
      var failure: SystemError?
      do throws(SystemError) {
        _ = try child.start(plan)
      } catch {
        failure = error
      }
      #expect(failure?.code == EINVAL)
    }
  }

  @Test func `says why its program can't be started, as any other does`() async throws {
    try await withFixture { folder in
      var plan = look(folder, [])
      plan.path = "/function/missing"
      let plain = #expect(throws: SystemError.self) { _ = try ChildProcess.spawn(plan) }
      let child = try prepared(plan)
      var failure: SystemError?
      do throws(SystemError) {
        _ = try child.start(plan)
      } catch {
        failure = error
      }
      #expect(failure == plain)
      #expect(failure?.code == ENOENT)
    }
  }

  @Test func `gives its program the root's ownership where the root may be written`() async throws {
    try await withFixture { folder in
      try await onLoop { loop in
        let output = try await seen(folder, ["write", "/new", "list", "/"], on: loop) {
          $0.isolation?.root.isReadOnly = false
        }
        #expect(output == "ok\ndev\nfunction\nnew\nproc\ntmp\n")
      }
    }
  }

  @Test func `ends with the thread that made it`() async throws {
    try await withFixture { folder in
      let template = try #require(look(folder, ["pid"]).isolation?.template)
      let before = livingChildren()
      // Kept beyond its thread's end, so that nothing but that end can be what ends it.
      let kept = Kept()
      let thread = OwnThread {
        kept.child.withLock { $0 = try? PreparedChild(template, deathSignal: SIGKILL) }
        // It can be tied to a thread only while that lives.
        for _ in 0..<2000 where !isReady() { usleep(1000) }
      }
      thread.join()
      for _ in 0..<2000 where livingChildren() != before { usleep(1000) }
      #expect(livingChildren() == before)
      let wasMade = kept.child.withLock { $0.take() != nil }
      #expect(wasMade)
    }
  }

  private final class Kept: Sendable {
    let child = Mutex<PreparedChild?>(nil)
  }

  @Test func `leaves nothing when it is not needed, nor when it was`() async throws {
    try await withFixture { folder in
      try await onLoop { loop in
        _ = try await seen(folder, ["pid"], on: loop)
        let before = (openDescriptors(), livingChildren())
        for round in 0..<100 {
          if round % 2 == 0 {
            _ = try prepared(look(folder, []))
          } else {
            #expect(try await run(look(folder, ["pid"]), on: loop, isPrepared: true).output == "1\n")
          }
        }
        #expect(openDescriptors() == before.0)
        #expect(livingChildren() == before.1)
      }
    }
  }
}

private func isReady() -> Bool {
  livingChildren().contains { contents("/proc/\($0)/comm") == "apus-prepared\n" }
}

/// The processes that this one has started and that still run.
private func livingChildren() -> [String] {
  names(in: "/proc/self/task").flatMap { thread in
    contents("/proc/self/task/\(thread)/children").split(separator: " ").map(String.init)
  }
  .filter { pid in
    let state = contents("/proc/\(pid)/stat").split(separator: ")").last?.first { $0 != " " }
    return state.map { $0 != "Z" && $0 != "X" } ?? false
  }
  .sorted()
}
