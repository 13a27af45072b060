import ApusIO
import Glibc

/// The folder `DIR/state`, held by this process alone as long as the value lives.
package struct StateFolder: ~Copyable, Sendable {
  package let path: String
  /// Its lock ends with it, and with the process however that ends.
  private let lock: Descriptor

  package var databasePath: String { "\(path)/apus.db" }
  package var keyPath: String { "\(path)/key" }

  /// Makes `directory/state` (0700) if it is not there; `directory` itself must be.
  package init(in directory: String) throws(StoreError) {
    let path = "\(directory)/state"
    if mkdir(path, 0o700) == 0 {
      try PrivateFile.syncFolder(of: path)
    } else if errno != EEXIST {
      throw StoreError(errno, "make the folder", path)
    }
    let file = "\(path)/lock"
    let raw = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard raw >= 0 else { throw StoreError(errno, "open", file) }
    let lock = Descriptor(owning: raw)
    try StateFolder.take(lock, directory)
    // For who comes second. Failing here would be no reason to stop: the lock is what counts.
    let pid = Array("\(getpid())\n".utf8)
    if ftruncate(lock.raw, 0) == 0 { _ = pwrite(lock.raw, pid, pid.count, 0) }
    PrivateFile.sweep(path)
    self.path = path
    self.lock = lock
  }

  /// A dead holder's lock may outlive it: a child that it was starting has a copy until it has become its program.
  private static func take(_ lock: borrowing Descriptor, _ directory: String) throws(StoreError) {
    for _ in 0..<StoreLimits.deadHolderAttempts {
      if flock(lock.raw, LOCK_EX | LOCK_NB) == 0 { return }
      guard errno == EWOULDBLOCK || errno == EINTR else { throw StoreError(errno, "lock", "\(directory)/state/lock") }
      if let pid = pid(in: lock), kill(pid, 0) == 0 || errno == EPERM { throw taken(directory, by: pid) }
      usleep(StoreLimits.deadHolderPause)
    }
    throw taken(directory, by: pid(in: lock))
  }

  private static func taken(_ directory: String, by pid: Int32?) -> StoreError {
    let who = pid.map { "process \($0)" } ?? "another process"
    return StoreError(
      .taken(pid: pid), "\(who) uses \(directory)", meaning: "two gateways can't share one folder",
      advice: "Stop \(pid.map { "it (kill \($0))" } ?? "the other one"), or choose another folder with --data")
  }

  private static func pid(in lock: borrowing Descriptor) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(lock.raw, &bytes, bytes.count, 0)
    let digits = bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
    return Int32(String(decoding: digits, as: UTF8.self))
  }
}
