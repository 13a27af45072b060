import ApusIO
import Glibc
import Instruments
import Testing

// Each in a process of its own: a signal's handler is the whole process's.
@Suite struct `Signals as values` {
  @Test func `arrive as values`() async {
    await #expect(processExitsWith: .success) {
      try await onLoop { loop in
        let signals = try Signals([SIGTERM, SIGUSR1], on: loop)
        for signal in [SIGTERM, SIGUSR1, SIGUSR1, SIGTERM] {
          kill(getpid(), signal)
          #expect(await signals.next() == signal)
        }
        OwnThread { pthread_kill(pthread_self(), SIGUSR1) }.join()
        #expect(await signals.next() == SIGUSR1)
        signals.close()
        #expect(await signals.next() == nil)
        signals.close()
      }
    }
  }

  @Test func `end the wait for them with nil when closed`() async {
    await #expect(processExitsWith: .success) {
      try await onLoop { loop in
        let signals = try Signals([SIGUSR1], on: loop)
        async let next = signals.next()
        for _ in 0..<10 { await Task.yield() }
        signals.close()
        #expect(await next == nil)
      }
    }
  }

  @Test func `have their default effect again once closed`() async {
    await #expect(processExitsWith: .signal(SIGUSR1)) {
      try await onLoop { loop in
        let signals = try Signals([SIGUSR1], on: loop)
        kill(getpid(), SIGUSR1)
        #expect(await signals.next() == SIGUSR1)
        signals.close()
        kill(getpid(), SIGUSR1)
      }
    }
  }

  @Test func `have their default effect again once dropped`() async {
    await #expect(processExitsWith: .signal(SIGUSR1)) {
      try await onLoop { loop in
        do { _ = try Signals([SIGUSR1], on: loop) }
        kill(getpid(), SIGUSR1)
      }
    }
  }

  @Test func `coalesce when nobody reads them`() async {
    await #expect(processExitsWith: .success) {
      try await onLoop { loop in
        let signals = try Signals([SIGUSR1], on: loop)
        // More than a pipe of 64 KiB holds: the handler must not wait for room.
        OwnThread { for _ in 0..<70_000 { raise(SIGUSR1) } }.join()
        #expect(await signals.next() == SIGUSR1)
        signals.close()
      }
    }
  }

  @Test func `that can't be handled are refused, and leave nothing behind`() async {
    await #expect(processExitsWith: .signal(SIGUSR1)) {
      try await onLoop { loop in
        let before = openDescriptors()
        let error = #expect(throws: SystemError.self) { _ = try Signals([SIGUSR1, SIGKILL], on: loop) }
        #expect(error?.description.hasPrefix("could not handle signal 9: Invalid argument") == true)
        #expect(throws: SystemError.self) { _ = try Signals([0], on: loop) }
        #expect(throws: SystemError.self) { _ = try Signals([10_000], on: loop) }
        guard openDescriptors() == before else { fatalError("left open: \(openDescriptors()); before: \(before)") }
        kill(getpid(), SIGUSR1)
      }
    }
  }

  @Test func `do not disturb other work`() async {
    await #expect(processExitsWith: .success) {
      try await onLoop { loop in
        let signals = try Signals([SIGUSR1], on: loop)
        let (left, right) = try streamPair(on: loop)
        let noise = OwnThread { for _ in 0..<2_000 { kill(getpid(), SIGUSR1) } }
        for round in 0..<2_000 {
          try await left.writeText("\(round)")
          guard try await right.readText() == "\(round)" else { fatalError("wrong bytes in round \(round)") }
        }
        noise.join()
        #expect(await signals.next() == SIGUSR1)
        signals.close()
        left.close()
        right.close()
      }
    }
  }

  @Test func `of a broken pipe can be ignored`() async {
    await #expect(processExitsWith: .success) {
      Signals.ignoreBrokenPipes()
      raise(SIGPIPE)
    }
  }
}
