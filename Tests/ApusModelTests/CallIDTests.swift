import ApusModel
import Testing

@Suite struct `A call id` {
  @Test func `is a random UUID of version 4`() throws {
    let form = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
    let ids = Set((0..<1_000).map { _ in CallID() })
    #expect(ids.count == 1_000)
    #expect(ids.allSatisfy { $0.text.wholeMatch(of: form) != nil })
  }

  @Test func `has 122 random bits`() {
    // A bit that never changes in 1,000 ids is not random: the chance of a false alarm is 122 × 2^-999.
    var ones = UInt128.min
    var zeros = UInt128.min
    for _ in 0..<1_000 {
      let bits = UInt128(CallID().text.filter { $0 != "-" }, radix: 16) ?? 0
      ones |= bits
      zeros |= ~bits
    }
    #expect((ones & zeros).nonzeroBitCount == 122)
  }

  @Test(arguments: [
    "1", "550e8400-e29b-41d4-a716-446655440000", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "order:42/retry#1",
    "a+b@c~d!e$f&g*h^i%j?k",
    String(repeating: "x", count: 128),
  ])
  func `of a client is taken over as it is`(text: String) throws {
    #expect(try CallID(fromClient: text).text == text)
  }

  @Test(arguments: [
    ("", CallIDError.empty), (String(repeating: "x", count: 129), .tooLong(count: 129)),
    ("a b", .forbidden(byte: 0x20, position: 2)), ("a\nlevel=error", .forbidden(byte: 0x0A, position: 2)),
    ("a\r", .forbidden(byte: 0x0D, position: 2)), ("\u{1B}[2J", .forbidden(byte: 0x1B, position: 1)),
    ("\u{7F}", .forbidden(byte: 0x7F, position: 1)), ("é", .forbidden(byte: 0xC3, position: 1)),
    ("a\",\"level\":\"", .forbidden(byte: 0x22, position: 2)), ("a]b", .forbidden(byte: 0x5D, position: 2)),
    ("k=v", .forbidden(byte: 0x3D, position: 2)), ("a,b", .forbidden(byte: 0x2C, position: 2)),
    ("a\\b", .forbidden(byte: 0x5C, position: 2)), ("\0", .forbidden(byte: 0, position: 1)),
  ])
  func `of a client is refused when it could forge a log line`(text: String, problem: CallIDError) {
    #expect(throws: problem) { try CallID(fromClient: text) }
  }

  @Test func `of a client is refused for every byte outside the list`() {
    let accepted = (UInt8(0)..<0x80).filter { (try? CallID(fromClient: String(UnicodeScalar($0)))) != nil }
    let list = "!#$%&*+-./0123456789:?@ABCDEFGHIJKLMNOPQRSTUVWXYZ^_abcdefghijklmnopqrstuvwxyz~"
    #expect(accepted == Array(list.utf8))
  }
}
