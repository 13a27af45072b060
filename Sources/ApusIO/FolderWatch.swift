import CLinux
import Glibc

/// Says that something changed in some folders (inotify(7)). What it was, the caller looks up: events can be lost, and
/// several changes can be one event.
package final class FolderWatch {
  private let descriptor: CInt
  private let stream: Stream

  package init(on loop: Loop) throws(SystemError) {
    let raw = apus_watch_open()
    guard raw >= 0 else {
      throw SystemError(errno, "watch folders", advice: "This user watches as much as fs.inotify allows: raise it")
    }
    descriptor = raw
    stream = try Stream(Descriptor(owning: raw), on: loop)
  }

  /// Watches the folder itself, not those in it; to add one again does no harm.
  package func add(_ folder: String) throws(SystemError) {
    guard apus_watch_add(descriptor, folder) == 0 else {
      let advice = errno == ENOSPC ? "Raise fs.inotify.max_user_watches" : ""
      throw SystemError(errno, "watch the folder", folder, advice: advice)
    }
  }

  /// Returns when something has changed since the last return.
  package func changed() async throws(IOError) {
    while try !drain() { try await stream.readable() }
  }

  /// Forgets what has happened so far; false if that is nothing.
  @discardableResult
  package func drain() throws(IOError) -> Bool {
    var hasEvents = false
    // An event and a name have 272 bytes at most.
    try withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 8) { (block) throws(IOError) in
      while let count = try stream.tryRead(into: block), count > 0 { hasEvents = true }
    }
    return hasEvents
  }

  package func close() {
    stream.close()
  }
}
