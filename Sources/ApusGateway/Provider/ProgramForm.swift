import ApusIO
import Glibc

/// What a program needs besides its own file, as the file's first bytes tell.
package enum ProgramForm: Sendable, Equatable {
  /// A static executable: the kernel alone starts it.
  case selfContained
  /// It names a loader that brings shared libraries (PT_INTERP in elf(5)).
  case loaded
  /// A script, another machine's program, or nothing that can be started.
  case other

  /// Where any linker puts the table that is looked for: right behind the header.
  private static let headBytes = 4096
  /// PT_INTERP of elf(5).
  private static let interpreter: UInt64 = 3

  /// Reads the head of the file at `path`; `other` if it can't be read, since starting it will say why.
  package init(ofFileAt path: String) {
    let raw = open(path, O_RDONLY | O_CLOEXEC)
    guard raw >= 0 else {
      self = .other
      return
    }
    let file = Descriptor(owning: raw)
    var head = [UInt8](repeating: 0, count: ProgramForm.headBytes)
    let count = pread(file.raw, &head, head.count, 0)
    self.init(head: head[..<max(0, count)])
  }

  /// From the first bytes of a file, which may be anything.
  package init(head: ArraySlice<UInt8>) {
    let bytes = ELFBytes(head)
    guard head.starts(with: [0x7F, 0x45, 0x4C, 0x46]), let isWide = bytes.isWide,
      let table = bytes.number(at: isWide ? 32 : 28, size: isWide ? 8 : 4).flatMap({ Int(exactly: $0) }),
      let entrySize = bytes.number(at: isWide ? 54 : 42, size: 2).flatMap({ Int(exactly: $0) }),
      let entries = bytes.number(at: isWide ? 56 : 44, size: 2).flatMap({ Int(exactly: $0) }),
      entries > 0, entrySize >= 32, table <= head.count, entries * entrySize <= head.count - table
    else {
      self = .other
      return
    }
    let names = (0..<entries).contains { bytes.number(at: table + $0 * entrySize, size: 4) == ProgramForm.interpreter }
    self = names ? .loaded : .selfContained
  }
}

/// Numbers in the byte order that the file itself names.
struct ELFBytes {
  private let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
  }

  private func byte(_ offset: Int) -> UInt8? {
    offset >= 0 && offset < bytes.count ? bytes[bytes.startIndex + offset] : nil
  }

  /// Addresses of 64 bits or of 32; nil if the file says neither.
  var isWide: Bool? {
    switch byte(4) {
    case 1: false
    case 2: true
    default: nil
    }
  }

  func number(at offset: Int, size: Int) -> UInt64? {
    var value: UInt64 = 0
    let isLittle = byte(5) == 1
    for index in 0..<size {
      guard let byte = byte(offset + (isLittle ? size - 1 - index : index)) else { return nil }
      value = value << 8 | UInt64(byte)
    }
    return value
  }
}
