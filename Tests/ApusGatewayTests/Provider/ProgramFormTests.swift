import ApusGateway
import Glibc
import Testing

@Suite struct `The form of a program` {
  /// Headers by hand after elf(5): two entries of the program header table, of which the second is of type `second`.
  private static func wide(second: UInt8, entries: UInt8 = 2, table: UInt8 = 64, order: UInt8 = 1) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 64 + 2 * 56)
    bytes.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 2, order])
    let isLittle = order == 1
    bytes[isLittle ? 32 : 39] = table
    bytes[isLittle ? 54 : 55] = 56
    bytes[isLittle ? 56 : 57] = entries
    bytes[isLittle ? 64 : 67] = 1
    bytes[isLittle ? 120 : 123] = second
    return bytes
  }

  private static func narrow(second: UInt8) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 52 + 2 * 32)
    bytes.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 1, 1])
    (bytes[28], bytes[42], bytes[44], bytes[52], bytes[84]) = (52, 32, 2, 1, second)
    return bytes
  }

  @Test(arguments: [
    (wide(second: 1), ProgramForm.selfContained),
    (wide(second: 3), .loaded),
    (wide(second: 3, order: 2), .loaded),
    (wide(second: 2, order: 2), .selfContained),
    (narrow(second: 3), .loaded),
    (narrow(second: 2), .selfContained),
    // The table ends before the entry, or lies elsewhere: what can't be read is not called self-contained.
    (wide(second: 3, entries: 1), .selfContained),
    (wide(second: 1, entries: 0), .other),
    (wide(second: 1, entries: 200), .other),
    (wide(second: 1, table: 255), .other),
    (Array("#!/bin/sh\n".utf8), .other),
    ([], .other),
    ([0x7F, 0x45, 0x4C, 0x46], .other),
    ([0x7F, 0x45, 0x4C, 0x46, 9, 9] + [UInt8](repeating: 255, count: 100), .other),
    ([0x7F, 0x45, 0x4C, 0x46, 2, 1] + [UInt8](repeating: 255, count: 100), .other),
  ])
  func `is read from its header`(bytes: [UInt8], form: ProgramForm) {
    #expect(ProgramForm(head: bytes[...]) == form)
  }

  @Test func `is found for each cut of a header without reading beyond it`() {
    let whole = Self.wide(second: 3)
    for count in whole.indices { #expect(ProgramForm(head: whole[..<count]) == .other) }
  }

  @Test func `is that of the machine's own programs`() {
    #expect(ProgramForm(ofFileAt: "/bin/sh") == .loaded)
    #expect(ProgramForm(ofFileAt: "/etc/passwd") == .other)
    #expect(ProgramForm(ofFileAt: "/nowhere") == .other)
  }
}
