import ApusIO
import Glibc

/// The note (elf(5)) that the SDK leaves in every program: it traps SIGTERM and ends in order, so that it can be a
/// namespace's first process by itself.
package enum ProgramMark {
  /// As `note.c` of CLinux writes it, on a machine that writes the low byte first.
  private static let note: [UInt8] = [5, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0] + Array("Apus".utf8) + [0]
  /// Where linkers put the program headers and, behind them, notes.
  private static let headBytes = 4096
  /// PT_NOTE of elf(5).
  private static let noteType: UInt64 = 4

  package static func isIn(fileAt path: String) -> Bool {
    let raw = open(path, O_RDONLY | O_CLOEXEC)
    guard raw >= 0 else { return false }
    let file = Descriptor(owning: raw)
    let descriptor = file.raw
    return notes(read(descriptor, 0, headBytes)).contains { note in
      isIn(note: read(descriptor, note.offset, min(note.count, headBytes)))
    }
  }

  /// The byte ranges of a file's notes, from the file's head, which may be anything.
  private static func notes(_ head: [UInt8]) -> [(offset: Int, count: Int)] {
    let bytes = ELFBytes(head[...])
    guard head.starts(with: [0x7F, 0x45, 0x4C, 0x46]), bytes.isWide == true,
      let table = bytes.number(at: 32, size: 8).flatMap({ Int(exactly: $0) }), table < head.count,
      let entrySize = bytes.number(at: 54, size: 2).flatMap({ Int(exactly: $0) }), entrySize >= 56,
      let entries = bytes.number(at: 56, size: 2).flatMap({ Int(exactly: $0) })
    else { return [] }
    // What lies beyond the head reads as nothing.
    return (0..<min(entries, head.count / entrySize)).compactMap { index in
      let entry = table + index * entrySize
      guard bytes.number(at: entry, size: 4) == noteType,
        let offset = bytes.number(at: entry + 8, size: 8).flatMap({ Int(exactly: $0) }),
        let count = bytes.number(at: entry + 32, size: 8).flatMap({ Int(exactly: $0) })
      else { return nil }
      return (offset, count)
    }
  }

  /// Notes begin at multiples of four.
  static func isIn(note bytes: [UInt8]) -> Bool {
    stride(from: 0, to: bytes.count, by: 4).contains { bytes[$0...].starts(with: note) }
  }

  private static func read(_ file: CInt, _ offset: Int, _ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(0, count))
    let length = pread(file, &bytes, bytes.count, off_t(offset))
    return Array(bytes.prefix(max(0, length)))
  }
}
