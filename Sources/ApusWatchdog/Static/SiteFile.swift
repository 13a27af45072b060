import ApusIO
import CLinux
import Glibc

/// An open file or folder of a site, and what is known of it.
struct SiteFile: ~Copyable {
  let descriptor: Descriptor
  let size: Int
  /// In Unix seconds.
  let modified: Int64
  let isFolder: Bool
  /// Changes with the file: its time to the nanosecond, and its size.
  let tag: String

  /// What `path` leads to below `root`; nil if that is nothing to serve.
  init?(_ path: String, below root: CInt) {
    let raw = apus_open_beneath(root, path)
    guard raw >= 0 else { return nil }
    let descriptor = Descriptor(owning: raw)
    var status = stat()
    guard fstat(raw, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: isFolder = false
    case S_IFDIR: isFolder = true
    default: return nil
    }
    size = Int(status.st_size)
    modified = Int64(status.st_mtim.tv_sec)
    let nanoseconds = status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec
    tag = "\"\(String(nanoseconds, radix: 36))-\(String(status.st_size, radix: 36))\""
    self.descriptor = consume descriptor
  }

  /// Bytes from `offset` on; 0 at the end.
  func read(into memory: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemError) -> Int {
    while true {
      let count = pread(descriptor.raw, memory.baseAddress, memory.count, off_t(offset))
      if count >= 0 { return count }
      if errno != EINTR { throw SystemError(errno, "read a file of the site") }
    }
  }
}
