import ApusIO
import CLinux
import Instruments
import Testing

@Suite struct `A buffer` {
  private static let pattern = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

  private static func some(_ count: Int, from start: Int) -> [UInt8] {
    Array(pattern[start..<start + count])
  }

  private static func equal(_ buffer: borrowing Buffer, _ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { areEqual($0, buffer.readable) }
  }

  private static func bytes(_ buffer: borrowing Buffer) -> [UInt8] {
    Array(buffer.readable)
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `agrees with an array`(seed: UInt64) {
    var random = SeededRandom(seed)
    var buffer = Buffer()
    var model: [UInt8] = []
    for step in 0..<3_000 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0, 1:
        let count = Bool.random(using: &random) ? 50 : 20_000
        let more = Self.some(Int.random(in: 0...count, using: &random), from: step)
        buffer.append(more)
        model += more
      case 2:
        buffer.append(UInt8(truncatingIfNeeded: step))
        model.append(UInt8(truncatingIfNeeded: step))
      case 3:
        let wanted = Int.random(in: 0...30_000, using: &random)
        let room = buffer.reserve(wanted)
        guard room.count >= wanted else {
          Issue.record("step \(step): \(room.count) bytes of room, wanted \(wanted)")
          return
        }
        let filled = Int.random(in: 0...wanted, using: &random)
        let more = Self.some(filled, from: step)
        room.copyBytes(from: more)
        buffer.commit(filled)
        model += more
      case 4:
        buffer.append("text \(step) ☃")
        model += Array("text \(step) ☃".utf8)
      case 5:
        buffer.append("static" as StaticString)
        model += Array("static".utf8)
      case 6:
        buffer.releaseIfEmpty()
      case 7 where step % 50 == 0:
        buffer.removeAll()
        model = []
      default:
        let count = Bool.random(using: &random) ? model.count : Int.random(in: 0...model.count, using: &random)
        buffer.consume(count)
        model.removeFirst(count)
      }
      guard buffer.count == model.count, buffer.isEmpty == model.isEmpty, Self.equal(buffer, model) else {
        Issue.record("step \(step) of seed \(seed): \(buffer.count) bytes, \(model.count) expected, or other ones")
        return
      }
    }
  }

  @Test(
    arguments: [
      (0, "0", "0"), (9, "9", "9"), (10, "10", "a"), (255, "255", "ff"), (4096, "4096", "1000"),
      (.max, "18446744073709551615", "ffffffffffffffff"), (1 << 63, "9223372036854775808", "8000000000000000"),
    ] as [(UInt64, String, String)])
  func `writes numbers`(number: UInt64, decimal: String, hexadecimal: String) {
    var buffer = Buffer()
    buffer.append(number)
    #expect(String(decoding: buffer.readable, as: UTF8.self) == decimal)
    buffer.removeAll()
    buffer.append(number, radix: 16)
    #expect(String(decoding: buffer.readable, as: UTF8.self) == hexadecimal)
  }

  @Test func `holds no memory once empty and released`() {
    var buffer = Buffer()
    #expect(buffer.readable.baseAddress == nil)
    buffer.append("x")
    buffer.releaseIfEmpty()
    #expect(Self.bytes(buffer) == [0x78])
    buffer.consume(1)
    #expect(buffer.readable.baseAddress != nil)
    buffer.releaseIfEmpty()
    #expect(buffer.readable.baseAddress == nil)
    buffer.releaseIfEmpty()
    buffer.append("again")
    #expect(Self.bytes(buffer) == Array("again".utf8))
  }

  @Test func `makes room in place before it grows`() {
    var buffer = Buffer()
    let block = Int(APUS_BLOCK_SIZE)
    buffer.append([UInt8](repeating: 1, count: block))
    buffer.consume(block - 1)
    #expect(buffer.reserve(block - 1).count == block - 1)
    #expect(Self.bytes(buffer) == [1])
    #expect(buffer.reserve(block).count >= block)
    #expect(Self.bytes(buffer) == [1])
  }

  @Test func `traps on a commit beyond its room`() async {
    await #expect(processExitsWith: .failure) {
      var buffer = Buffer()
      let room = buffer.reserve(10)
      buffer.commit(room.count + 1)
    }
  }

  @Test func `traps on a consume beyond its bytes`() async {
    await #expect(processExitsWith: .failure) {
      var buffer = Buffer()
      buffer.append("ab")
      buffer.consume(3)
    }
  }
}
