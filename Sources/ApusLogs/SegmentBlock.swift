import ApusIO
import Glibc

/// A piece of a segment file, read at once.
struct SegmentBlock {
  /// Behind the last record that was handed out.
  private(set) var end: Int
  private(set) var lines: UInt64 = 0
  /// What follows is no whole record although there are bytes: a write that was torn, or damage.
  private(set) var isDamaged = false

  /// Hands out the whole records from `start` on, until `limit` or until `bytes` are used up.
  init(
    path: String, from start: Int, limit: Int, bytes: Int, _ body: (RecordView) -> Void
  ) throws(SystemError) {
    end = max(start, Segment.markBytes)
    let raw = open(path, O_RDONLY | O_CLOEXEC)
    guard raw >= 0 else { throw SystemError(errno, "open the log", path) }
    let file = Descriptor(owning: raw)
    guard start > 0 || SegmentBlock.isMarked(file) else {
      end = 0
      isDamaged = limit > 0
      return
    }
    let wanted = min(bytes, limit - end)
    guard wanted > 0 else { return }
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: wanted, alignment: 8)
    defer { room.deallocate() }
    let count = SegmentBlock.fill(room, from: file, at: end)
    guard count >= 0 else { throw SystemError(errno, "read the log", path) }
    var rest = UnsafeRawBufferPointer(rebasing: room[..<count])
    while !rest.isEmpty {
      guard let record = RecordView(reading: rest) else {
        // A block is longer than any record, so only one that does not begin the block may go on behind it.
        let isCutByBlock = (RecordView.size(at: rest) ?? 0) > rest.count || rest.count < RecordView.headBytes
        isDamaged = !isCutByBlock || lines == 0 || count < wanted || end + rest.count >= limit
        return
      }
      body(record)
      lines += 1
      end += record.size
      rest = UnsafeRawBufferPointer(rebasing: rest[record.size...])
    }
    isDamaged = count < wanted
  }

  private static func isMarked(_ file: borrowing Descriptor) -> Bool {
    var mark: UInt64 = 0
    return withUnsafeMutableBytes(of: &mark) { room in
      let mark = UnsafeRawBufferPointer(start: Segment.mark.utf8Start, count: Segment.markBytes)
      return fill(room, from: file, at: 0) == mark.count && room.elementsEqual(mark)
    }
  }

  /// pread(2) until `room` is full or the file ends; -1 with errno.
  private static func fill(
    _ room: UnsafeMutableRawBufferPointer, from file: borrowing Descriptor, at start: Int
  ) -> Int {
    var count = 0
    while count < room.count, let base = room.baseAddress {
      let got = pread(file.raw, base + count, room.count - count, off_t(start + count))
      if got < 0 {
        if errno == EINTR { continue }
        return -1
      }
      if got == 0 { break }
      count += got
    }
    return count
  }
}
