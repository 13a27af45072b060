import CLinux
import Glibc
import Synchronization

/// One thread that waits for descriptors and timers, and runs the tasks pinned to it.
///
/// A loop is a task executor: `addTask(executorPreference: loop)` keeps a task and the async functions that it calls on
/// the loop's thread, so whatever those share needs no lock. Everything here but `enqueue`, `execute` and `stop` is for
/// that thread alone.
// Safe because `inbox` is behind a lock, and all else is touched only by the thread inside `run` (debug builds assert).
package final class Loop: TaskExecutor, @unchecked Sendable {
  /// The time at which the loop last woke: what timers are set from. Costs no system call.
  package private(set) var now = Instant.now()
  package let system: any SystemCalls

  private let poll: Descriptor
  private let wakeUp: Descriptor
  private var sources = SourceTable()
  private var timers = TimerQueue()
  private var jobs: [UnownedJob] = []
  private var running: [UnownedJob] = []
  private var stopping = false

  private struct Inbox {
    var jobs: [UnownedJob] = []
    var closures: [@Sendable () -> Void] = []
    var isEmpty: Bool { jobs.isEmpty && closures.isEmpty }
  }
  private let inbox = Mutex(Inbox())
  /// What one turn takes from the kernel. Kept, because a temporary of this size is a block of memory each turn.
  private let events: UnsafeMutableBufferPointer<epoll_event>

  package init(system: any SystemCalls = KernelCalls.shared) throws(SystemError) {
    self.system = system
    let poll = epoll_create1(CInt(EPOLL_CLOEXEC))
    guard poll >= 0 else { throw SystemError(errno, "open an epoll instance") }
    self.poll = Descriptor(owning: poll)
    let wakeUp = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
    guard wakeUp >= 0 else { throw SystemError(errno, "open an eventfd") }
    self.wakeUp = Descriptor(owning: wakeUp)
    var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(u64: SourceTable.wakeUpToken))
    guard epoll_ctl(poll, EPOLL_CTL_ADD, wakeUp, &event) == 0 else { throw SystemError(errno, "watch an eventfd") }
    events = .allocate(capacity: 256)
  }

  deinit {
    events.deallocate()
  }

  // MARK: - Running

  package var isCurrent: Bool {
    apus_current_loop() == Unmanaged.passUnretained(self).toOpaque()
  }

  /// Runs on the calling thread until `stop`.
  package func run() {
    let outer = apus_current_loop()
    apus_set_current_loop(Unmanaged.passUnretained(self).toOpaque())
    defer { apus_set_current_loop(outer) }
    now = .now()
    while true {
      runJobs()
      if stopping { break }
      waitForEvents()
      fireTimers()
    }
    stopping = false
  }

  /// Makes `run` return after the jobs at hand. From any thread.
  package func stop() {
    // Not a strong reference: on a loop that does not run again, the closure stays in the inbox as long as the loop
    // lives.
    execute { [unowned self] in self.stopping = true }
  }

  /// Runs `closure` on the loop's thread: at once if that is the caller's. From any thread.
  package func execute(_ closure: @escaping @Sendable () -> Void) {
    if isCurrent {
      closure()
    } else {
      let first = inbox.withLock { inbox in
        defer { inbox.closures.append(closure) }
        return inbox.isEmpty
      }
      if first { wake() }
    }
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent {
      jobs.append(job)
    } else {
      let first = inbox.withLock { inbox in
        defer { inbox.jobs.append(job) }
        return inbox.isEmpty
      }
      if first { wake() }
    }
  }

  private func wake() {
    var one: UInt64 = 1
    // EAGAIN means that the counter is full, so the loop is awake anyway.
    _ = Glibc.write(wakeUp.raw, &one, 8)
  }

  /// Runs what is ready, and what that makes ready, but not for ever: descriptors get their turn between rounds.
  private func runJobs() {
    let executor = asUnownedTaskExecutor()
    for _ in 0..<4 where !jobs.isEmpty {
      swap(&jobs, &running)
      for job in running { job.runSynchronously(on: executor) }
      running.removeAll(keepingCapacity: true)
    }
  }

  /// As many as there are: a timer that sets itself to `now` again waits for the next round, as descriptors do.
  private func fireTimers() {
    for _ in 0..<timers.count {
      guard let fire = timers.due(at: now) else { break }
      fire()
    }
  }

  private func takeInbox() {
    var count: UInt64 = 0
    _ = Glibc.read(wakeUp.raw, &count, 8)
    let closures = inbox.withLock { inbox in
      jobs.append(contentsOf: inbox.jobs)
      inbox.jobs.removeAll(keepingCapacity: true)
      let closures = inbox.closures
      inbox.closures.removeAll()
      return closures
    }
    for closure in closures { closure() }
  }

  private func waitForEvents() {
    let count = epoll_wait(poll.raw, events.baseAddress, CInt(events.count), timeout())
    now = .now()
    // EINTR is the only error that is not our own bug; the outer loop comes round again.
    guard count > 0 else { return }
    for event in events.prefix(Int(count)) {
      let token = event.data.u64
      if token == SourceTable.wakeUpToken {
        takeInbox()
      } else {
        sources[token]?.becameReady(event.events)
      }
    }
  }

  /// Milliseconds to the next timer, rounded up so that it is due when we wake; -1 waits for a descriptor.
  private func timeout() -> CInt {
    if !jobs.isEmpty { return 0 }
    let next = timers.next
    if next == .never { return -1 }
    let current = Instant.now()
    guard next > current else { return 0 }
    return CInt(clamping: (next.nanoseconds - current.nanoseconds + 999_999) / 1_000_000)
  }

  // MARK: - Sources and timers, for the loop's thread

  /// Watches `descriptor` for what `events` says; answers the token under which to stop.
  func watch(_ descriptor: CInt, _ events: UInt32, _ source: any EventSource) throws(SystemError) -> UInt64 {
    assert(isCurrent, "a descriptor is watched from its loop's thread only")
    let token = sources.insert(source)
    var event = epoll_event(events: events, data: epoll_data_t(u64: token))
    guard epoll_ctl(poll.raw, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
      let code = errno
      sources.remove(token)
      throw SystemError(code, "watch descriptor", "\(descriptor)")
    }
    return token
  }

  func rewatch(_ descriptor: CInt, _ events: UInt32, _ token: UInt64) {
    var event = epoll_event(events: events, data: epoll_data_t(u64: token))
    epoll_ctl(poll.raw, EPOLL_CTL_MOD, descriptor, &event)
  }

  /// Forgets the source. The kernel forgets the descriptor when it is closed, which its owner does next; should a copy
  /// of it live on in a child, its events find an old token and nobody.
  func unwatch(_ token: UInt64) {
    assert(isCurrent, "a descriptor is unwatched from its loop's thread only")
    sources.remove(token)
  }

  /// As `unwatch(_:)`, for a descriptor that stays open, and so may be watched again.
  func unwatch(_ descriptor: CInt, _ token: UInt64) {
    unwatch(token)
    epoll_ctl(poll.raw, EPOLL_CTL_DEL, descriptor, nil)
  }

  package func set(_ timer: Timer, to deadline: Instant) {
    assert(isCurrent, "a timer is set from its loop's thread only")
    timers.set(timer, to: deadline)
  }

  package func remove(_ timer: Timer) {
    assert(isCurrent, "a timer is removed from its loop's thread only")
    timers.remove(timer)
  }

  /// How many descriptors and timers the loop holds; a test counts them before and after.
  package var held: (sources: Int, timers: Int) { (sources.count, timers.count) }
}

/// Something on a loop that a descriptor's events concern.
protocol EventSource: AnyObject {
  func becameReady(_ events: UInt32)
}

/// Sources by token. A token carries its slot's generation, so an event for a closed source finds nobody.
struct SourceTable {
  static let wakeUpToken = UInt64.max

  private struct Slot {
    var generation: UInt32 = 0
    var source: (any EventSource)?
  }
  private var slots: [Slot] = []
  private var free: [UInt32] = []

  var count: Int { slots.count - free.count }

  mutating func insert(_ source: any EventSource) -> UInt64 {
    let index: UInt32
    if let reused = free.popLast() {
      index = reused
    } else {
      index = UInt32(slots.count)
      slots.append(Slot())
    }
    slots[Int(index)].source = source
    return UInt64(slots[Int(index)].generation) << 32 | UInt64(index)
  }

  mutating func remove(_ token: UInt64) {
    let index = Int(token & 0xFFFF_FFFF)
    guard self[token] != nil else { return }
    slots[index].source = nil
    slots[index].generation &+= 1
    free.append(UInt32(index))
  }

  subscript(token: UInt64) -> (any EventSource)? {
    let index = Int(token & 0xFFFF_FFFF)
    guard index < slots.count, slots[index].generation == UInt32(token >> 32) else { return nil }
    return slots[index].source
  }
}
