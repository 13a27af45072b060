import ApusIO
import Glibc

/// The files of one ring: which there are, and the one that grows. No descriptor stays open between two calls, so a
/// thousand functions that log hold none.
struct SegmentFiles {
  let folder: String
  let limits: LogLimits
  /// Oldest first; the last one grows.
  private(set) var segments: [Segment] = []
  private var isOpen = false

  init(folder: String, limits: LogLimits) {
    self.folder = folder
    self.limits = limits
  }

  /// The sequence that the next line gets.
  var end: UInt64 { segments.last?.end ?? 1 }

  func path(_ segment: Segment) -> String { folder + "/" + segment.name }

  var blockBytes: Int { max(limits.readBytes, limits.recordBytes) }

  // MARK: - Opening

  /// Finds what an earlier process left. A record that it was killed in is cut off; a folder that is not there is an
  /// empty ring, and is not made before the first line.
  mutating func openIfNeeded() throws(SystemError) {
    if isOpen { return }
    var found = try SegmentFiles.names(in: folder).sorted().compactMap { Segment(name: $0) }
    for index in found.indices { try measure(&found[index], isLast: index == found.indices.last) }
    segments = found
    isOpen = true
  }

  private func measure(_ segment: inout Segment, isLast: Bool) throws(SystemError) {
    var facts = stat()
    guard stat(path(segment), &facts) == 0 else { throw SystemError(errno, "look at the log", path(segment)) }
    let size = Int(facts.st_size)
    segment.bytes = size
    guard isLast else { return }
    segment.bytes = 0
    while segment.bytes < size {
      let block = try SegmentBlock(path: path(segment), from: segment.bytes, limit: size, bytes: blockBytes) { _ in }
      segment.lines += block.lines
      segment.bytes = block.end
      if block.isDamaged { break }
    }
  }

  /// The names in a folder; none if there is no such folder.
  private static func names(in folder: String) throws(SystemError) -> [String] {
    guard let stream = opendir(folder) else {
      if errno == ENOENT { return [] }
      throw SystemError(errno, "open the folder", folder)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { name in
          String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }

  // MARK: - Writing

  /// Appends whole records, and says how many of them are kept and why the others are not.
  mutating func append(_ batch: UnsafeRawBufferPointer, _ system: any SystemCalls) -> (kept: UInt64, SystemError?) {
    var rest = batch
    let before: UInt64
    do {
      try openIfNeeded()
      before = end
    } catch {
      return (0, error)
    }
    while !rest.isEmpty {
      do {
        let done = try appendRun(rest, system)
        rest = UnsafeRawBufferPointer(rebasing: rest[done...])
      } catch {
        return (end - before, error)
      }
    }
    return (end - before, nil)
  }

  /// Appends as many records as the last segment takes; answers their bytes.
  private mutating func appendRun(_ batch: UnsafeRawBufferPointer, _ system: any SystemCalls) throws(SystemError) -> Int
  {
    // What stands in memory was written by `RecordView`; this is never the guard's other way.
    guard let first = RecordView.size(at: batch), first <= batch.count else { return batch.count }
    var active = try lastSegment(withRoomFor: first)
    let file = try openForWriting(&active)
    if active.bytes == 0 {
      let mark = UnsafeRawBufferPointer(start: Segment.mark.utf8Start, count: Segment.markBytes)
      let (written, failure) = SegmentFiles.writeAll(mark, to: file, system)
      if let failure {
        if written > 0 { ftruncate(file.raw, 0) }
        throw failure
      }
      active.bytes = written
      segments[segments.count - 1] = active
    }
    var end = 0
    while let size = RecordView.size(at: UnsafeRawBufferPointer(rebasing: batch[end...])),
      active.bytes + end + size <= limits.segmentBytes || end == 0
    {
      end += size
    }
    let (written, failure) = SegmentFiles.writeAll(UnsafeRawBufferPointer(rebasing: batch[..<end]), to: file, system)
    var done = 0
    while done < written, let size = RecordView.size(at: UnsafeRawBufferPointer(rebasing: batch[done...])),
      done + size <= written
    {
      done += size
      active.lines += 1
    }
    active.bytes += done
    segments[segments.count - 1] = active
    guard let failure else { return done }
    // If this fails too, the size betrays it at the next opening.
    if done < written { ftruncate(file.raw, off_t(active.bytes)) }
    throw failure
  }

  private mutating func lastSegment(withRoomFor size: Int) throws(SystemError) -> Segment {
    if let last = segments.last, last.bytes + size <= limits.segmentBytes || last.lines == 0 { return last }
    let next = Segment(first: end)
    // Room is made before it is needed: with the new file there would be more than the bound.
    while segments.count >= max(limits.segmentCount, 1) {
      unlink(path(segments[0]))
      segments.removeFirst()
    }
    segments.append(next)
    return next
  }

  private mutating func openForWriting(_ segment: inout Segment) throws(SystemError) -> Descriptor {
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC
    // Logs tell about users: nobody but the gateway reads them.
    var raw = open(path(segment), flags, 0o600)
    if raw < 0, errno == ENOENT {
      try SegmentFiles.makeFolder(folder)
      raw = open(path(segment), flags, 0o600)
    }
    guard raw >= 0 else { throw SystemError(errno, "open the log", path(segment)) }
    let file = Descriptor(owning: raw)
    var facts = stat()
    guard fstat(file.raw, &facts) == 0 else { throw SystemError(errno, "look at the log", path(segment)) }
    let size = Int(facts.st_size)
    if size > segment.bytes {
      // A record that was torn, by us or by the death of the process before us.
      guard ftruncate(file.raw, off_t(segment.bytes)) == 0 else {
        throw SystemError(errno, "cut a torn line off the log", path(segment))
      }
    } else if size < segment.bytes {
      // Somebody emptied or removed it: its lines are gone, and their numbers are not given again.
      guard ftruncate(file.raw, 0) == 0 else { throw SystemError(errno, "empty the log", path(segment)) }
      let fresh = Segment(first: segment.end)
      guard rename(path(segment), path(fresh)) == 0 else { throw SystemError(errno, "rename the log", path(segment)) }
      segment = fresh
      segments[segments.count - 1] = fresh
    }
    return file
  }

  private static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to file: borrowing Descriptor, _ system: any SystemCalls
  ) -> (written: Int, SystemError?) {
    var done = 0
    while done < bytes.count {
      let count = system.write(file.raw, UnsafeRawBufferPointer(rebasing: bytes[done...]))
      if count > 0 {
        done += count
      } else if count != -Int(EINTR) {
        return (done, SystemError(count < 0 ? CInt(-count) : EIO, "write the log"))
      }
    }
    return (done, nil)
  }

  /// As `mkdir -p` does, for our eyes only.
  private static func makeFolder(_ path: String) throws(SystemError) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex else {
      throw SystemError(errno, "make the folder", path)
    }
    try makeFolder(String(path[..<slash]))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SystemError(errno, "make the folder", path) }
  }

  // MARK: - Ending

  /// Removes the files, and the folder if nothing else is in it.
  mutating func removeAll() {
    try? openIfNeeded()
    for segment in segments { unlink(path(segment)) }
    segments = []
    rmdir(folder)
  }
}
