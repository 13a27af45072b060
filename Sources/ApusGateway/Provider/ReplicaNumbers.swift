import ApusIO
import Glibc

/// Users and groups of functions and volumes, by number, kept in a file so that what they own stays theirs.
///
/// Each line is a name; its place in the file is its number. Names are only ever added: a function that is removed and
/// comes back finds its files again, and no other gets hold of them.
struct ReplicaNumbers {
  private var numbers: [String: UInt32] = [:]
  /// The file has lines that a power cut would take.
  private var isUnsafe = false
  private let path: String

  /// Above what systems give to people and services, below what container tools map for their own.
  private static let first: UInt32 = 200_000
  private static let count: UInt32 = 100_000

  /// Reads what is there; a last line without an end was never given out.
  init(file path: String) throws(SystemError) {
    self.path = path
    let raw = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard raw >= 0 else { throw SystemError(errno, "open the numbers of functions", path) }
    let file = Descriptor(owning: raw)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = read(file.raw, &chunk, chunk.count)
      guard count >= 0 else { throw SystemError(errno, "read the numbers of functions", path) }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    if end < bytes.count, ftruncate(file.raw, off_t(end)) != 0 {
      throw SystemError(errno, "mend the numbers of functions", path)
    }
    for line in bytes[..<end].split(separator: UInt8(ascii: "\n")) {
      numbers[String(decoding: line, as: UTF8.self)] = ReplicaNumbers.first + UInt32(clamping: numbers.count)
    }
  }

  /// The same for a name as ever; `name` has no line end. `ownsFiles`: something on disk is this number's, so it must
  /// outlast a power cut; else it costs no wait for the disk.
  mutating func number(of name: String, ownsFiles: Bool) throws(SystemError) -> UInt32 {
    let number: UInt32
    if let known = numbers[name] { number = known } else { number = try add(name) }
    if ownsFiles, isUnsafe { try makeSafe() }
    return number
  }

  private mutating func add(_ name: String) throws(SystemError) -> UInt32 {
    let next = UInt32(clamping: numbers.count)
    guard next < ReplicaNumbers.count else {
      throw SystemError(
        ENOSPC, "number", name, advice: "\(path) is full: stop the gateway, remove it, and give volumes to new users")
    }
    let file = try openFile()
    let line = Array("\(name)\n".utf8)
    let before = lseek(file.raw, 0, SEEK_END)
    guard write(file.raw, line, line.count) == line.count else {
      let error = SystemError(errno, "write the numbers of functions", path)
      // Half a name would become the beginning of the next one.
      ftruncate(file.raw, before)
      throw error
    }
    isUnsafe = true
    numbers[name] = ReplicaNumbers.first + next
    return ReplicaNumbers.first + next
  }

  private mutating func makeSafe() throws(SystemError) {
    let file = try openFile()
    guard fdatasync(file.raw) == 0 else { throw SystemError(errno, "write the numbers of functions", path) }
    isUnsafe = false
  }

  private func openFile() throws(SystemError) -> Descriptor {
    let raw = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
    guard raw >= 0 else { throw SystemError(errno, "open the numbers of functions", path) }
    return Descriptor(owning: raw)
  }
}
