import ApusGateway
import Glibc
import Testing

@Suite struct `The mark of the SDK` {
  private static func file(_ bytes: [UInt8], _ look: (String) -> Void) throws {
    var template = Array("/tmp/apus-mark-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      close(descriptor)
      unlink(path)
    }
    #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    look(path)
  }

  /// One program header, after elf(5), of a note at `offset`.
  private static func program(_ note: [UInt8], type: UInt8 = 4, at offset: UInt8 = 128) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(offset))
    bytes.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
    (bytes[32], bytes[54], bytes[56]) = (64, 56, 1)
    (bytes[64], bytes[72], bytes[96]) = (type, offset, UInt8(note.count))
    return bytes + note
  }

  private static let note: [UInt8] =
    [5, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0] + Array("Apus".utf8) + [0, 0, 0, 0] + [1, 0, 0, 0]
  /// What every linker writes.
  private static let other: [UInt8] = [4, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0] + Array("GNU".utf8) + [0] + [9, 9, 9, 9]

  @Test(arguments: [
    (program(note), true), (program(other + note), true), (program(other), false), (program(note, type: 1), false),
    (program(Array(note.dropLast(12))), false), ([], false), (Array("#!/bin/sh\n".utf8), false),
    ([0x7F, 0x45, 0x4C, 0x46, 2, 1] + [UInt8](repeating: 255, count: 200), false),
  ])
  func `is a note in the program's file`(bytes: [UInt8], isMarked: Bool) throws {
    try Self.file(bytes) { #expect(ProgramMark.isIn(fileAt: $0) == isMarked) }
  }

  @Test func `is in our programs and in no other`() throws {
    #expect(ProgramMark.isIn(fileAt: try Self.hello()))
    #expect(!ProgramMark.isIn(fileAt: "/bin/sh"))
    #expect(!ProgramMark.isIn(fileAt: "/nowhere"))
  }

  /// Where the build puts executables: beside the test bundle.
  private static func hello() throws -> String {
    let folders = CommandLine.arguments.map { argument in
      argument.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }
    return try #require(folders.map { "\($0)/hello" }.first { access($0, X_OK) == 0 })
  }
}
