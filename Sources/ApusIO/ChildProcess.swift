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

    package var isSuccess: Bool { cause == .status(0) }

    package var description: String {
      switch cause {
      case .status(let status): "exit status \(status)"
      case .signal(let signal, _): "signal \(signal) (\(String(cString: strsignal(signal))))"
      }
    }
  }

  /// Starts `plan`'s program. The calling thread waits until the program is loaded, about half a millisecond.
  package static func spawn(_ plan: borrowing Plan) throws(SystemError) -> ChildProcess {
    try plan.check()
    let result = plan.withNative { apus_spawn($0) }
    guard result.error == 0 else {
      let subject = result.step == APUS_STEP_DIRECTORY ? plan.directoryOfPath : plan.path
      throw SystemError(result.error, phrase(result.step), subject, advice: advice(result.error, result.step))
    }
    return ChildProcess(pid: result.pid, pidfd: result.pidfd, ownsGroup: plan.ownProcessGroup)
  }

  private init(pid: CInt, pidfd: CInt, ownsGroup: Bool) {
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

  private static func reapBlocking(_ pidfd: CInt) {
    var descriptor = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
    var native = apus_exit()
    while apus_reap(pidfd, 0, &native) == EAGAIN { poll(&descriptor, 1, -1) }
  }

  private static func phrase(_ step: apus_spawn_step) -> String {
    switch step {
    case APUS_STEP_CLONE: "make a process for"
    case APUS_STEP_GROUP: "make a process group for"
    case APUS_STEP_DEATH_SIGNAL: "tie to this process"
    case APUS_STEP_DESCRIPTORS: "hand descriptors to"
    case APUS_STEP_LIMITS: "set the resource limits of"
    case APUS_STEP_DIRECTORY: "enter"
    default: "start"
    }
  }

  private static func advice(_ code: CInt, _ step: apus_spawn_step) -> String {
    switch (code, step) {
    case (ENOENT, APUS_STEP_EXEC): "There is no such program, or its interpreter or loader is missing"
    case (EACCES, APUS_STEP_EXEC): "The file must be executable for this user (chmod +x), and so must its folders be"
    case (ENOEXEC, APUS_STEP_EXEC): "It is not a program for this machine; a script needs a first line like #!/bin/sh"
    case (ENOENT, APUS_STEP_DIRECTORY): "The folder does not exist"
    case (ENOTDIR, APUS_STEP_DIRECTORY): "It must be a folder"
    case (EACCES, APUS_STEP_DIRECTORY): "The folder, and those above it, must be open to this user (chmod +x)"
    case (EAGAIN, APUS_STEP_CLONE): "Too many processes: raise the limit (ulimit -u) or lower max replicas"
    case (EPERM, APUS_STEP_LIMITS): "Only root may raise a limit above the present one"
    default: ""
    }
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
