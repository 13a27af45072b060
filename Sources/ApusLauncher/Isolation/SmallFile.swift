import ApusIO
import Glibc

/// Whole reads and writes of the small files through which the kernel is asked and told.
enum SmallFile {
  /// Nil if it can't be read.
  static func read(_ path: String) -> String? {
    let raw = open(path, O_RDONLY | O_CLOEXEC)
    guard raw >= 0 else { return nil }
    let file = Descriptor(owning: raw)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(file.raw, &chunk, chunk.count)
      guard count >= 0 else { return nil }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk[..<count]
    }
  }

  static func write(_ path: String, _ text: String) throws(SystemError) {
    let raw = open(path, O_WRONLY | O_CLOEXEC)
    guard raw >= 0 else { throw SystemError(errno, "write", path) }
    let file = Descriptor(owning: raw)
    let bytes = Array(text.utf8)
    guard Glibc.write(file.raw, bytes, bytes.count) == bytes.count else { throw SystemError(errno, "write", path) }
  }

  /// The names in a folder, but for “.” and “..”; none if it can't be read.
  static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      // The length of a name is in no field that every system fills.
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// The number in the line of `text` that starts with `key` and a space.
  static func number(_ key: String, in text: String) -> Int? {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2, words[0] == key { return Int(words[1]) }
    }
    return nil
  }
}
