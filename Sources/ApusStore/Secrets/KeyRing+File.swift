import ApusIO
import Glibc

extension KeyRing {
  /// Reads the key file, or makes one with a random key if there is none.
  ///
  /// Of several that start at once all get the same key. The caller sees to it that a lost key is not replaced
  /// silently: `SecretStore.count` says whether one is missing, `unopenable` what another one can't open.
  package static func openOrMake(_ path: String) throws(StoreError) -> KeyRing {
    if try PrivateFile.isThere(path) { return try open(path) }
    let made = try random()
    do throws(StoreError) {
      try made.write(to: path)
    } catch  where error.kind == .exists {
      // Another was faster: its key is the one.
    }
    return try open(path)
  }

  /// Reads a key file that its owner alone can read.
  package static func open(_ path: String) throws(StoreError) -> KeyRing {
    // NONBLOCK: a FIFO under this name would keep us waiting for its writer.
    let raw = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard raw >= 0 else {
      if errno == ELOOP { throw refused(path, "is a symbolic link", "Put the file itself there") }
      throw StoreError(errno, "open the key file", path)
    }
    let file = Descriptor(owning: raw)
    var status = stat()
    guard fstat(file.raw, &status) == 0 else { throw StoreError(errno, "look at", path) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw refused(path, "is not a file", "Put a key file there") }
    guard status.st_mode & 0o077 == 0 else {
      throw refused(path, "can be read by others", "Take their right away (chmod 600 \(path)), and rotate the key")
    }
    guard status.st_uid == geteuid() || status.st_uid == 0 else {
      throw refused(path, "belongs to another user", "Give it to the user who runs this (chown)")
    }
    return try KeyRing(read(file, path), from: path)
  }

  /// Writes the keys to a file that is not there yet, whole or not at all.
  package func write(to path: String) throws(StoreError) {
    try PrivateFile.makeWhole(path) { part throws(StoreError) in
      try withBytes { bytes throws(StoreError) in try PrivateFile.append(bytes, to: part) }
    }
  }

  /// A new key before the present ones: it seals from now on, they still open.
  package func adding(_ key: borrowing SecureBytes) throws(StoreError) -> KeyRing {
    let both = try withBytes { old throws(StoreError) -> [UInt8] in
      var bytes: [UInt8] = []
      key.withBytes { bytes += Array($0) }
      return bytes + Array(old)
    }
    var bytes = both
    return try KeyRing(SecureBytes.taking(&bytes), from: "in memory")
  }

  private static func read(_ file: borrowing Descriptor, _ path: String) throws(StoreError) -> SecureBytes {
    // One byte more than there may be, so that a longer file shows.
    let limit = StoreLimits.keys * keySize + 1
    var count = 0
    let block = try SecureBytes.make(count: limit) { target throws(StoreError) in
      while count < limit {
        let got = Glibc.read(file.raw, target.baseAddress.map { $0 + count }, limit - count)
        if got < 0, errno == EINTR { continue }
        guard got >= 0 else { throw StoreError(errno, "read the key file", path) }
        if got == 0 { break }
        count += got
      }
    }
    return try block.withBytes { all throws(StoreError) in
      try SecureBytes.copy(of: UnsafeRawBufferPointer(rebasing: all[..<count]))
    }
  }

  private static func refused(_ path: String, _ reason: String, _ advice: String) -> StoreError {
    StoreError(.badKeyFile, "the key file \(path) \(reason)", meaning: "it is not used", advice: advice)
  }
}
