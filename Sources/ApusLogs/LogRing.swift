package import ApusIO
import Glibc
import Synchronization

/// The log of one function: a bounded ring of lines on disk that outlives replicas and the gateway.
///
/// `append` copies a line into memory and never touches the disk, so a loop may call it; `flush` writes what waits at
/// once, blocks, and belongs on another thread. `LogStore.run` is who calls it. Nothing is synced: lines survive the
/// death of the process at any instant, not that of the machine.
package final class LogRing: Sendable {
  package let limits: LogLimits
  private let system: any SystemCalls
  private let queue: FlushQueue?

  private struct Inbox {
    /// Whole records.
    var bytes: [UInt8] = []
    var lines: UInt64 = 0
    /// Lines that found the inbox full.
    var refused: UInt64 = 0
    var isEnded = false

    var isEmpty: Bool { lines == 0 && refused == 0 }
  }
  private let inbox = Mutex(Inbox())

  private struct Disk {
    var files: SegmentFiles
    /// Lost since the last notice, with the reason.
    var owed: UInt64 = 0
    var reason = ""
  }
  private let disk: Mutex<Disk>
  private let readers = Mutex<[Bell]>([])
  private let lost = Atomic<UInt64>(0)
  private let folder: String

  /// A ring in `folder`, which is made with the first line. A folder has one ring at a time.
  package convenience init(
    folder: String, limits: LogLimits = LogLimits(), system: any SystemCalls = KernelCalls.shared
  ) {
    self.init(folder: folder, limits: limits, system: system, queue: nil)
  }

  init(folder: String, limits: LogLimits, system: any SystemCalls, queue: FlushQueue?) {
    self.folder = folder
    self.limits = limits
    self.system = system
    self.queue = queue
    disk = Mutex(Disk(files: SegmentFiles(folder: folder, limits: limits)))
  }

  /// Lines that were not kept because the disk refused them or did not keep up.
  package var lostLines: UInt64 { lost.load(ordering: .relaxed) }

  /// Bytes that wait for the disk.
  package var waitingBytes: Int { inbox.withLock { $0.bytes.count } }

  package var isEnded: Bool { inbox.withLock { $0.isEnded } }

  // MARK: - Writing

  /// Takes a line in. From any thread; costs a copy, never a system call. A line that finds no room is counted.
  package func append(
    _ line: LineSplitter.Line, instance: [UInt8], stream: LogStream, nanoseconds: Int64
  ) {
    let callID = line.callID ?? UnsafeRawBufferPointer(start: nil, count: 0)
    let due = instance.withUnsafeBytes { instance in
      var record = RecordView(
        nanoseconds: nanoseconds, stream: stream, instance: instance, callID: callID,
        text: UnsafeRawBufferPointer(rebasing: line.text.prefix(limits.textBytes)))
      record.bytesMissing = UInt32(clamping: line.bytesMissing + line.text.count - record.text.count)
      return take(record)
    }
    switch due {
    case .nothing: break
    case .soon: queue?.add(self)
    case .now: queue?.hurry()
    }
  }

  private enum Due { case nothing, soon, now }

  private func take(_ record: RecordView) -> Due {
    inbox.withLock { inbox in
      if inbox.isEnded { return .nothing }
      let wasEmpty = inbox.isEmpty
      let before = inbox.bytes.count
      if before + record.size > limits.pendingBytes {
        inbox.refused += 1
      } else {
        record.append(to: &inbox.bytes)
        inbox.lines += 1
      }
      if wasEmpty { return .soon }
      return before < limits.flushBytes && inbox.bytes.count >= limits.flushBytes ? .now : .nothing
    }
  }

  /// Writes what waits, and wakes the readers. From any thread, one after the other. Blocks; an error of the disk costs
  /// the lines, which are counted and named in a line of their own as soon as one can be written again.
  package func flush() {
    let hasNews = disk.withLock { disk in
      let batch = takeInbox()
      if batch.isEmpty, disk.owed == 0 { return false }
      let before = disk.files.end
      payDebt(&disk)
      let (kept, failure) = batch.bytes.withUnsafeBytes { disk.files.append($0, system) }
      if let failure { owe(batch.lines - min(kept, batch.lines), because: "\(failure)", &disk) }
      if batch.refused > 0 {
        owe(batch.refused, because: "the function printed faster than the disk could write", &disk)
        if failure == nil { payDebt(&disk) }
      }
      return disk.files.end > before
    }
    if hasNews { wakeReaders() }
  }

  private func takeInbox() -> Inbox {
    inbox.withLock { inbox in
      let taken = inbox
      inbox = Inbox(isEnded: taken.isEnded)
      return taken
    }
  }

  private func owe(_ lines: UInt64, because reason: String, _ disk: inout Disk) {
    lost.wrappingAdd(lines, ordering: .relaxed)
    disk.owed += lines
    disk.reason = reason
  }

  /// Writes the line about lines that are lost, if there is something to say.
  private func payDebt(_ disk: inout Disk) {
    guard disk.owed > 0 else { return }
    let text = "[apus] \(disk.owed) \(disk.owed == 1 ? "line" : "lines") lost: \(disk.reason)"
    var notice: [UInt8] = []
    Array(text.utf8).withUnsafeBytes { text in
      let none = UnsafeRawBufferPointer(start: nil, count: 0)
      var record = RecordView(
        nanoseconds: WallClock.now().sinceEpoch, stream: .stderr, instance: none, callID: none, text: text)
      record.isNotice = true
      record.append(to: &notice)
    }
    let (kept, _) = notice.withUnsafeBytes { disk.files.append($0, system) }
    if kept > 0 { disk.owed = 0 }
  }

  /// Removes the log from disk; readers end, and lines that still come are dropped.
  package func remove() {
    inbox.withLock { $0 = Inbox(isEnded: true) }
    disk.withLock { disk in
      disk.files.removeAll()
      disk.owed = 0
    }
    wakeReaders()
  }

  // MARK: - For readers

  func snapshot() -> (segments: [Segment], blockBytes: Int) {
    disk.withLock { disk in
      // What can't be opened is an empty ring to a reader; the writer says why in time.
      try? disk.files.openIfNeeded()
      return (disk.files.segments, disk.files.blockBytes)
    }
  }

  func path(of segment: Segment) -> String { folder + "/" + segment.name }

  func addReader(_ bell: Bell) { readers.withLock { $0.append(bell) } }

  func removeReader(_ bell: Bell) { readers.withLock { $0.removeAll { $0 === bell } } }

  private func wakeReaders() {
    for bell in readers.withLock({ $0 }) { bell.ring() }
  }
}
