import ApusIO
import ApusTelemetry
import Glibc

/// A folder for sockets and secrets, short of name, closed to other users, in memory where the machine has such a
/// place; it goes with the value, and a later gateway on the same data sweeps what a killed one left.
final class RuntimeFolder: Sendable {
  let path: String
  /// The folder, locked while its gateway lives.
  private let lock: Descriptor

  /// `folder` is the data folder's. What it says about an earlier runtime folder is about a dead gateway's, or about a
  /// living one's if somebody copied the data while that ran.
  init(recordedIn folder: String, _ log: Log) throws {
    let record = "\(folder)/runtime"
    if RuntimeFolder.sweep(record) { log.info("removed what a killed gateway left") }
    path = try RuntimeFolder.make(record)
    guard let lock = RuntimeFolder.lock(path) else { throw SystemError(errno, "lock the runtime folder", path) }
    self.lock = lock
  }

  /// Nil if it can't be had: a living gateway has it.
  private static func lock(_ path: String) -> Descriptor? {
    let raw = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
    guard raw >= 0 else { return nil }
    let folder = Descriptor(owning: raw)
    guard flock(folder.raw, LOCK_EX | LOCK_NB) == 0 else { return nil }
    return folder
  }

  private static func make(_ record: String) throws -> String {
    let environment = ProcessEnvironment.current()
    // systemd's $RUNTIME_DIRECTORY and the user's runtime folder are tmpfs; /run is for root's programs.
    let places = [environment["XDG_RUNTIME_DIR"], geteuid() == 0 ? "/run" : nil, "/dev/shm", "/tmp"]
    var failure = SystemError(ENOENT, "make a runtime folder")
    for case let place? in places where place.hasPrefix("/") && place.utf8.count < 60 {
      let path = "\(place)/apus-\(String(UInt64.random(in: 0..<1 << 40), radix: 36))"
      // Recorded before it is there, so that a kill in between leaves nothing that nobody knows of.
      try write(path, to: record)
      if mkdir(path, 0o700) == 0 { return path }
      failure = SystemError(errno, "make a runtime folder below", place)
    }
    throw failure
  }

  private static func write(_ path: String, to record: String) throws {
    let bytes = Array(path.utf8)
    let raw = open(record, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard raw >= 0 else { throw SystemError(errno, "write", record) }
    let file = Descriptor(owning: raw)
    guard Glibc.write(file.raw, bytes, bytes.count) == bytes.count else { throw SystemError(errno, "write", record) }
  }

  /// Removes the folder that `record` names, if it is one of ours; whether there was one.
  private static func sweep(_ record: String) -> Bool {
    var bytes = [UInt8](repeating: 0, count: 128)
    let raw = open(record, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard raw >= 0 else { return false }
    let count = read(raw, &bytes, bytes.count)
    close(raw)
    let path = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    var status = stat()
    guard path.hasPrefix("/"), path.split(separator: "/").last?.hasPrefix("apus-") == true,
      lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid()
    else { return false }
    // A dead one's lock may outlive it a little: a child that it was starting has a copy until it is gone, too.
    for _ in 0..<20 {
      if let lock = lock(path) {
        remove(path, depth: 3)
        _ = consume lock
        return true
      }
      usleep(5_000)
    }
    return false
  }

  /// Sockets in one folder, a folder of secrets for each replica in the other; nothing is deeper.
  private static func remove(_ path: String, depth: Int) {
    guard depth > 0, let listing = opendir(path) else { return }
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name == "." || name == ".." { continue }
      // A folder is what can't be unlinked; a symbolic link goes, and not what it leads to.
      if unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)", depth: depth - 1) }
    }
    closedir(listing)
    rmdir(path)
  }

  func subfolder(_ name: String) throws -> String {
    let path = "\(self.path)/\(name)"
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SystemError(errno, "make the folder", path) }
    return path
  }

  deinit {
    rmdir("\(path)/s")
    rmdir("\(path)/k")
    rmdir(path)
  }
}
