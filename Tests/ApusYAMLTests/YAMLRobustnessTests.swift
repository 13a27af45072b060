import ApusYAML
import Glibc
import Instruments
import Testing

@Suite struct `YAML from anywhere` {
  static let seeds = [
    "a: 1\nb: [x, 'y', \"z\\n\", {k: v}]\nc: |\n  text\n  more\n",
    "- &a {x: 1}\n- *a\n- !!str 5\n--- \n? k\n: v\n...\n",
    "%TAG !e! tag:e,2026:\n---\n!e!x [ &y 1, *y ]\n",
    "functions:\n  hello:\n    lang: swift\n    labels:\n      x: true # yes\n",
    "a: >-\n   folded\n\n   lines\nb: ~\né: \"\\u00e9\\U0001F426\"\n",
  ].map { Array($0.utf8) }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func `is read or refused, however it is mutated`(seed: UInt64) {
    var random = SeededRandom(seed)
    var outcomes = (read: 0, refused: 0)
    for _ in 0..<1_000 {
      let bytes = Self.mutate(Self.seeds[Int(random.next() % UInt64(Self.seeds.count))], &random)
      do throws(YAMLError) {
        _ = try YAMLParser.parse(bytes: bytes)
        outcomes.read += 1
      } catch {
        outcomes.refused += 1
        #expect(error.line >= 1 && error.column >= 1 && !error.what.isEmpty && !error.advice.isEmpty)
      }
    }
    #expect(outcomes.read > 100 && outcomes.refused > 100)
  }

  @Test(arguments: seeds)
  func `is read or refused, wherever it is cut`(bytes: [UInt8]) throws {
    for end in 0...bytes.count {
      do throws(YAMLError) { _ = try YAMLParser.parse(bytes: Array(bytes[..<end])) } catch { #expect(error.line >= 1) }
    }
    #expect(try !YAMLParser.parse(bytes: bytes).isEmpty)
  }

  @Test(
    arguments: [
      ([0x61, 0x0A, 0xFF], 2, 1), ([0xC3, 0xA9, 0x3A, 0x20, 0xC3], 1, 4), ([0xFF, 0xFE, 0x61, 0x00], 1, 1),
      ([0x61, 0x00], 1, 2),
      ([0xEF, 0xBB, 0xBF, 0x61, 0x01], 1, 2), ([0xED, 0xA0, 0x80], 1, 1),
    ] as [([UInt8], Int, Int)])
  func `is refused when it is not UTF-8 text`(bytes: [UInt8], line: Int, column: Int) {
    let error = #expect(throws: YAMLError.self) { try YAMLParser.parse(bytes: bytes) }
    #expect(error?.kind == .encoding)
    #expect([error?.line, error?.column] == [line, column])
  }

  @Test(.disabled(if: Sanitizer.ofAddresses, "it keeps what was freed"))
  func `gives its memory back, read or refused`() async {
    await #expect(processExitsWith: .success) {
      // Each text has 4 KiB in the value that is being read when it is refused, so a lost event is 4 KiB lost too.
      let long = String(repeating: "x", count: 4_096)
      let texts = [
        "a: \"\(long)\"\na: \"\(long)\"\n", "- \(long)\n- *\(long)\n", "a: '\(long)\n", "? [\(long)]\n",
        "- !\(long) x\n", "- \(long)\n]\n",
        "- &\(long) [\(long), \u{7}", "- \(long): \(long)\n", "- &a \(long)\n- *a\n",
      ]
      func run(_ rounds: Int) {
        for round in 0..<rounds { _ = try? YAMLParser.parse(texts[round % texts.count]) }
      }
      run(900)
      let before = residentBytes()
      run(9_000)
      let growth = residentBytes() - before
      // The gauge must be able to see what it is here for: 1,000 blocks of 4 KiB.
      let blocks = (0..<1_000).map { _ in UnsafeMutableRawPointer.allocate(byteCount: 4_096, alignment: 16) }
      for block in blocks { memset(block, 1, 4_096) }
      let seen = residentBytes() - before - growth
      precondition(seen > 3_500_000, "a leak of 4 MB shows as \(seen) bytes")
      precondition(growth < 1_000_000, "9,000 texts left \(growth) bytes behind")
    }
  }

  static let marks = Array("[]{}:-&*!|>'\"#%@,?\n\t ~\\".utf8)

  static func mutate(_ original: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = original
    for _ in 0...Int(random.next() % 3) where !bytes.isEmpty {
      let at = Int(random.next() % UInt64(bytes.count))
      switch random.next() % 4 {
      case 0: bytes[at] = Self.marks[Int(random.next() % UInt64(Self.marks.count))]
      case 1: bytes[at] = UInt8(truncatingIfNeeded: random.next())
      case 2: bytes.remove(at: at)
      default:
        bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 8)], at: Int(random.next() % UInt64(bytes.count)))
      }
    }
    return bytes
  }
}

/// Resident memory of this process: the second field of /proc/self/statm, in pages.
func residentBytes() -> Int {
  guard let file = fopen("/proc/self/statm", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 128)
  guard fgets(&line, 128, file) != nil else { return 0 }
  let fields = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self).split(separator: " ")
  return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(getpagesize()) : 0
}
