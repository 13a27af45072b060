internal import CSodium
internal import Glibc
internal import ObjectDetection

/// A file as it was when it was read.
struct NetworkFile: Sendable, Equatable {
  /// What changes when a file is written or replaced.
  struct Mark: Sendable, Equatable {
    var device: UInt64
    var inode: UInt64
    var size: Int
    var seconds: Int
    var nanoseconds: Int
  }

  /// Nil only if nothing has this name: what can't be looked at, or is no file, is no reason to go on without it.
  static func mark(_ path: String) throws(DetectionError) -> Mark? {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      let reason = errno
      if reason == ENOENT { return nil }
      throw .unavailable("\(path) can't be looked at: \(String(cString: strerror(reason)))")
    }
    guard stat(path, &status) == 0 else {
      throw .unavailable("\(path) leads nowhere: \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .unavailable("\(path) is no file") }
    return Mark(
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int(status.st_size),
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }

  static func read(_ path: String, limit: Int) throws(DetectionError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unavailable("\(path) can't be opened: \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
      throw .unavailable("\(path) has to be a file of at most \(limit) bytes")
    }
    let size = Int(status.st_size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { target, used in
      while used < size, let base = target.baseAddress {
        let count = Glibc.read(descriptor, base + used, size - used)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        used += count
      }
    }
    guard bytes.count == size else { throw .unavailable("\(path) can't be read whole") }
    return bytes
  }

  /// In hexadecimal digits.
  static func sha256(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    crypto_hash_sha256(&digest, bytes, UInt64(bytes.count))
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Names in a folder that end like this, in order, hidden ones left out; none if there is no such folder.
  static func names(in folder: String, ending: String) throws(DetectionError) -> [String] {
    guard let stream = opendir(folder) else {
      let reason = errno
      if reason == ENOENT { return [] }
      throw .unavailable("The folder \(folder) can't be opened: \(String(cString: strerror(reason))).")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      // Nil is the end, or an error, which only this tells (readdir(3)).
      errno = 0
      guard let entry = readdir(stream) else {
        let reason = errno
        if reason == 0 { return names.sorted() }
        throw .unavailable("The folder \(folder) can't be read: \(String(cString: strerror(reason))).")
      }
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(ending), !name.hasPrefix(".") { names.append(name) }
    }
  }
}
