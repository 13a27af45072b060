import ApusIO
import ApusLogs
import Glibc
import Instruments
import Synchronization
import Testing

/// The kernel, but for writes, which take what `room` is left and then say that the disk is full.
private final class SmallDisk: SystemCalls {
  private let left: Mutex<Int>

  init(room: Int) { left = Mutex(room) }

  func add(_ bytes: Int) { left.withLock { $0 += bytes } }

  func write(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
    left.withLock { left in
      if left == 0 { return -Int(ENOSPC) }
      let count = KernelCalls.shared.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes.prefix(left)))
      if count > 0 { left -= count }
      return count
    }
  }

  func read(_ descriptor: CInt, _ bytes: UnsafeMutableRawBufferPointer) -> Int { -Int(EIO) }
  func receive(_ descriptor: CInt, _ bytes: UnsafeMutableRawBufferPointer) -> Int { -Int(EIO) }
  func send(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int { -Int(EIO) }
  func write(_ descriptor: CInt, _ parts: UnsafePointer<iovec>, _ count: Int) -> Int { -Int(EIO) }
  func send(_ descriptor: CInt, _ parts: UnsafePointer<iovec>, _ count: Int) -> Int { -Int(EIO) }
  func splice(_ from: CInt, _ to: CInt, _ count: Int) -> Int { -Int(EIO) }
  func accept(_ descriptor: CInt) -> Int { -Int(EIO) }
}

@Suite struct `A full disk` {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  @Test func `costs whole lines, which are counted and named later`() throws {
    // Each line of five letters from "replica-1" is 38 bytes on disk; the mark is 8.
    for room in 0..<200 {
      let disk = SmallDisk(room: room)
      let folder = scratch.path + "/\(room)"
      let ring = LogRing(folder: folder, system: disk)
      for line in 10..<15 { ring.add("ab \(line)") }
      ring.flush()
      let kept = room < 8 ? 0 : min(5, (room - 8) / 38)
      #expect(ring.texts() == (10..<15).prefix(kept).map { "ab \($0)" }, "room \(room)")
      #expect(ring.lostLines == UInt64(5 - kept))
      disk.add(1 << 20)
      ring.add("after")
      ring.flush()
      let last = ring.records().suffix(2)
      let note = "[apus] \(5 - kept) \(kept == 4 ? "line" : "lines") lost: could not write the log"
      if kept < 5 {
        #expect(last.first?.isNotice == true)
        let text = last.first?.text ?? []
        #expect(text.starts(with: note.utf8), "room \(room)")
      }
      #expect(last.last?.text == Array("after".utf8))
      // Nothing torn stays behind.
      #expect(LogRing(folder: folder).texts() == ring.texts())
    }
  }

  @Test func `never makes memory grow`() throws {
    let ring = LogRing(folder: scratch.path + "/f", limits: .small(pending: 4096), system: SmallDisk(room: 0))
    for _ in 0..<10_000 {
      ring.add("0123456789")
      #expect(ring.waitingBytes <= 4096)
    }
    ring.flush()
    ring.flush()
    #expect(ring.waitingBytes == 0)
    #expect(ring.lostLines == 10_000)
  }

  @Test func `is told apart from a disk that is too slow`() throws {
    let ring = LogRing(folder: scratch.path + "/f", limits: .small(segment: 1 << 20, pending: 4096))
    for _ in 0..<1000 { ring.add("0123456789") }
    ring.flush()
    let records = ring.records()
    let notice = try #require(records.last)
    #expect(notice.isNotice && notice.text.starts(with: "[apus] \(ring.lostLines) lines lost: the function".utf8))
    #expect(records.count - 1 + Int(ring.lostLines) == 1000)
  }

  @Test func `does not stop a folder that can't be made from being tried again`() throws {
    let blocker = scratch.path + "/blocked"
    let raw = open(blocker, O_CREAT | O_WRONLY, 0o600)
    try #require(raw >= 0)
    close(raw)
    let ring = LogRing(folder: blocker + "/f")
    ring.add("lost")
    ring.flush()
    #expect(ring.lostLines == 1)
    unlink(blocker)
    ring.add("kept")
    ring.flush()
    #expect(ring.texts().last == "kept")
  }
}
