import ApusIO
package import Glibc

/// What a link of /proc names; nil once it is gone.
private func target(_ path: String) -> String? {
  var text = [CChar](repeating: 0, count: 256)
  let count = readlink(path, &text, text.count)
  return count < 0 ? nil : String(decoding: text[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The number of the calling thread in /proc.
package func threadNumber() -> String {
  target("/proc/thread-self")?.split(separator: "/").last.map(String.init) ?? ""
}

/// The descriptors that this process has open, with what each is.
package func openDescriptors() -> [String] {
  names(in: "/proc/self/fd").compactMap { name in
    guard let path = target("/proc/self/fd/\(name)") else { return nil }
    // What is gone again is the folder that was read for this. The language's thread pool makes a timerfd when it first
    // needs one, and looks into /proc now and then; we do neither.
    // The first descriptor of an exit test's process is the runner's, which closes it when it likes.
    let isRunners = name == "3" && path == "anon_inode:[eventfd]"
    let isOthers = path.hasPrefix("/proc/") || path == "anon_inode:[timerfd]" || isRunners
    return isOthers ? nil : "\(name) \(path)"
  }
  .sorted()
}

/// The threads of this process, by number.
package func threads() -> Set<String> {
  Set(names(in: "/proc/self/task"))
}

/// Whether `condition` comes true soon: the kernel lists a thread for a moment after it was joined.
package func soon(_ condition: () -> Bool) -> Bool {
  let limit = Instant.now() + .seconds(10)
  while !condition() {
    if Instant.now() > limit { return false }
    sched_yield()
  }
  return true
}

/// The children of this process, zombies too.
package func children() -> [String] {
  names(in: "/proc/self/task").flatMap { thread in
    contents("/proc/self/task/\(thread)/children").split(separator: " ").map(String.init)
  }
}

/// The memory that this process has in use.
package func residentBytes() -> Int { memory(1) }

/// Addresses in use, with memory behind them or without.
package func mappedBytes() -> Int { memory(0) }

/// A field of /proc/self/statm (proc_pid_statm(5)), in bytes.
private func memory(_ field: Int) -> Int {
  let pages = contents("/proc/self/statm").split(separator: " ").dropFirst(field).first
  return (pages.flatMap { Int($0) } ?? 0) * 4096
}

package func names(in folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}

package func contents(_ path: String) -> String {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return "" }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
    bytes += chunk[..<count]
  }
}

/// A folder that is there for the length of `body`.
package func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  var template = Array("/tmp/apus-io-XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { throw SystemError(errno, "make a folder") }
  let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  defer {
    for name in names(in: folder) { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }
  return try await body(folder)
}

package func writeFile(_ path: String, _ text: String, mode: mode_t = 0o644) throws {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
  guard descriptor >= 0 else { throw SystemError(errno, "write", path) }
  put(text, descriptor)
  close(descriptor)
}

/// The same bytes, and as many. A loop over them would take seconds in a debug build.
package func areEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
  guard left.count == right.count else { return false }
  guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else { return left.isEmpty }
  return memcmp(leftBase, rightBase, left.count) == 0
}
