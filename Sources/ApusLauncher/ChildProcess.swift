package import ApusIO
import CLinux
import Glibc
import Synchronization

/// A program that we started: it is waited for exactly once, and never outlives its value unnoticed.
///
/// `wait` is the usual end. A value that is dropped instead kills the program and reaps it, so no zombie is left.
/// Either way what it started goes with it, if it has a process group of its own.
package struct ChildProcess: ~Copyable {
  /// Its id; also its process group's if it has one of its own.
  package let pid: CInt
  private let pidfd: CInt
  private let ownsGroup: Bool
  /// From then on its ids may be another program's.
  private let isReaped = Atomic<Bool>(false)

  /// How a program ended, and what it used.
  package struct Exit: Equatable, Sendable, CustomStringConvertible {
    package enum Cause: Equatable, Sendable {
      case status(CInt)
      case signal(CInt, dumpedCore: Bool)
    }
    package var cause: Cause
    package var userTime: Duration
    package var systemTime: Duration
    /// The most memory that it held at once, in bytes. Never less than the most that this program had held when it
    /// started the other: until execve(2) they share it, and Linux counts that too.
    package var peakMemory: Int
    /// The limit in bytes that it ended by, if it was stopped for want of memory; `Cgroup.explain` says so.
    package var exceededMemory: Int?

    package var isSuccess: Bool { cause == .status(0) }

    package var description: String {
      if let exceededMemory { return "out of memory (limit \(ResourceLimits.text(bytes: exceededMemory)))" }
      return switch cause {
      case .status(let status): "exit status \(status)"
      case .signal(let signal, _): "signal \(signal) (\(String(cString: strsignal(signal))))"
      }
    }
  }

  /// Starts `plan`'s program. The calling thread waits until the program is loaded, about half a millisecond.
  package static func spawn(_ plan: borrowing Plan) throws(SystemError) -> ChildProcess {
    try spawn(plan, entry: nil)
  }

  /// The same, in `cgroup` from its first instruction.
  package static func spawn(_ plan: borrowing Plan, in cgroup: borrowing Cgroup) throws(SystemError) -> ChildProcess {
    try spawn(plan, entry: cgroup.entry)
  }

  private static func spawn(_ plan: borrowing Plan, entry: Cgroup.Entry?) throws(SystemError) -> ChildProcess {
    try plan.check()
    let result = plan.withNative(in: entry) { apus_spawn($0) }
    guard result.error == 0 else { throw plan.failure(result) }
    return ChildProcess(pid: result.pid, pidfd: result.pidfd, ownsGroup: plan.ownProcessGroup)
  }

  init(pid: CInt, pidfd: CInt, ownsGroup: Bool) {
    self.pid = pid
    self.pidfd = pidfd
    self.ownsGroup = ownsGroup
  }

  deinit {
    if !isReaped.load(ordering: .acquiring) {
      if ownsGroup { Glibc.kill(-pid, SIGKILL) }
      apus_pidfd_signal(pidfd, SIGKILL)
      ChildProcess.reapBlocking(pidfd)
    }
    Glibc.close(pidfd)
  }

  /// Sends `signal`; false if the program's end was waited for already. It can't reach another program that got the
  /// same id.
  @discardableResult
  package borrowing func send(_ signal: CInt) -> Bool {
    apus_pidfd_signal(pidfd, signal) == 0
  }

  /// Sends `signal` to the program and all that it started, if it has a process group of its own.
  @discardableResult
  package borrowing func sendToGroup(_ signal: CInt) -> Bool {
    // Until the program is reaped its id is not given away.
    if isReaped.load(ordering: .acquiring) { return false }
    return ownsGroup ? Glibc.kill(-pid, signal) == 0 : send(signal)
  }

  /// Waits for the end, on the loop's thread, and ends what is left of its group. Ends with `expired` at `deadline`,
  /// and may then be called again.
  package borrowing func wait(on loop: Loop, deadline: Instant = .never) async throws -> Exit {
    let readiness = try Readiness(pidfd, on: loop)
    defer { readiness.close(keepingDescriptor: true) }
    readiness.setDeadline(deadline, for: .read)
    while true {
      if let exit = try reap() { return exit }
      readiness.exhausted(.read)
      if await readiness.readable() == .expired { throw IOError.expired }
    }
  }

  private borrowing func reap() throws(SystemError) -> Exit? {
    var native = apus_exit()
    let code = apus_reap(pidfd, ownsGroup ? pid : 0, &native)
    if code == EAGAIN { return nil }
    isReaped.store(true, ordering: .releasing)
    guard code == 0 else { throw SystemError(code, "wait for a program") }
    return Exit(native)
  }

  /// Waits for a child that nobody else will, and closes its descriptor.
  static func discard(pidfd: CInt) {
    reapBlocking(pidfd)
    Glibc.close(pidfd)
  }

  private static func reapBlocking(_ pidfd: CInt) {
    var descriptor = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
    var native = apus_exit()
    while apus_reap(pidfd, 0, &native) == EAGAIN { poll(&descriptor, 1, -1) }
  }
}

extension ChildProcess.Exit {
  init(_ native: apus_exit) {
    cause = native.exited ? .status(native.status) : .signal(native.signal, dumpedCore: native.dumped_core)
    userTime = Duration(native.usage.ru_utime)
    systemTime = Duration(native.usage.ru_stime)
    peakMemory = native.usage.ru_maxrss * 1024
  }
}

extension Duration {
  fileprivate init(_ time: timeval) {
    self = .seconds(time.tv_sec) + .microseconds(time.tv_usec)
  }
}
