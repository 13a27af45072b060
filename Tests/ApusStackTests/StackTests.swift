import ApusDeployment
import ApusStack
import Instruments
import Testing

@Suite struct `A stack` {
  @Test(arguments: GoldenStack.all) func `is read as its folder says`(golden: GoldenStack) throws {
    let (found, expected) = (try golden.reading(), try golden.expected())
    #expect(found == expected, "\(found)")
  }

  @Test func `has its folders where this test looks`() {
    #expect(GoldenStack.all.count >= 25)
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `is read or refused, however it is mutated`(seed: UInt64) throws {
    var random = SeededRandom(seed)
    let originals = try GoldenStack.all.filter { try !$0.expected().contains(": error:") }
    try #require(!originals.isEmpty)
    var outcomes = (read: 0, refused: 0)
    for _ in 0..<400 {
      let original = originals[Int(random.next() % UInt64(originals.count))]
      let text = Self.mutate(try original.text(), &random)
      do throws(StackError) {
        _ = try original.read(text)
        outcomes.read += 1
      } catch {
        outcomes.refused += 1
        #expect(error.diagnoses.contains { $0.severity == .error })
        #expect(error.diagnoses.allSatisfy { $0.place.line >= 1 && $0.place.column >= 1 && !$0.text.isEmpty })
      }
    }
    #expect(outcomes.read > 20 && outcomes.refused > 100, "\(outcomes)")
  }

  @Test func `is refused beyond each of its limits`() throws {
    let head = "provider: {name: openfaas}\nfunctions:\n"
    let function = "  f: {image: a, labels: {a: \"${BIG}\"}}\n"
    var small = StackLimits()
    small.functions = 1
    small.fileBytes = 100
    small.substitutedBytes = 150
    func error(_ text: String, _ environment: [String: String] = ["BIG": "b"]) -> String {
      do throws(StackError) {
        let bytes = Array(text.utf8)
        _ = try Stack.read(bytes, file: "s", environment: environment, files: Nothing(), limits: small)
        return ""
      } catch {
        return error.description
      }
    }
    #expect(error(head + function).isEmpty)
    #expect(
      error(head + function + String(repeating: "#", count: 100))
        == "s:1:1: error: it has more than 100 bytes; split it")
    #expect(
      error(head + "  f: {image: a}\n  g: {image: a}\n").contains("s:3:3: error: there are 2 functions, 1 are allowed"))
    let big = ["BIG": String(repeating: "b", count: 151)]
    #expect(error(head + function, big).contains("error: the text has more than 150 bytes after substitution"))
  }

  @Test func `names at most as many mistakes as a person reads`() {
    var limits = StackLimits()
    limits.diagnoses = 3
    let keys = (1...9).map { "note\($0): x\n" }.joined()
    let functions = (1...9).map { "  f\($0): {}\n" }.joined()
    let text = "provider: {name: openfaas}\n\(keys)functions:\n\(functions)"
    let error = #expect(throws: StackError.self) {
      try Stack.read(Array(text.utf8), file: "s", environment: [:], files: Nothing(), limits: limits)
    }
    #expect(error?.diagnoses.count { $0.severity == .warning } == 3)
    #expect(error?.diagnoses.count { $0.severity == .error } == 3)
  }

  @Test(arguments: [
    ("python3", "apus does not build \"python3\""), ("swift5", "apus does not build \"swift5\""), ("swift", ""),
    ("program", ""), ("dockerfile", ""), ("Dockerfile", ""), ("mine", ""), ("python3, skip_build: true", ""),
    ("python3, fprocess: python3 handler.py", ""), ("static, environment: {mode: static}", ""),
    ("python3, environment: {mode: http}", "apus does not build \"python3\""),
  ]) func `warns of languages that apus does not build, where no template is looked for`(
    language: String, words: String
  ) throws {
    let text =
      "provider: {name: openfaas}\nconfiguration: {templates: [{name: mine}]}\n"
      + "functions: {f: {lang: \(language), handler: ./f, image: f}}\n"
    let stack = try Stack.read(
      Array(text.utf8), file: "s", environment: [:], files: Nothing(), readsTemplates: false)
    #expect(stack.warnings.isEmpty == words.isEmpty, "\(stack.warnings)")
    if !words.isEmpty {
      let warning = try #require(stack.warnings.first?.description)
      #expect(warning.hasPrefix("s:3:23: warning: \(words)"), "\(warning)")
    }
  }

  @Test func `that is not there is refused by its path`() {
    let error = #expect(throws: StackError.self) { try Stack.read(path: "/nowhere/stack.yml", environment: [:]) }
    #expect(error?.description.hasPrefix("/nowhere/stack.yml:1:1: error: it cannot be read (No such file") == true)
  }

  static func mutate(_ original: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    let marks = Array("[]{}:-&*!|>'\"#%@,?\n\t ~\\$<0xé".utf8)
    var bytes = original
    for _ in 0...Int(random.next() % 2) where !bytes.isEmpty {
      let at = Int(random.next() % UInt64(bytes.count))
      switch random.next() % 4 {
      case 0: bytes[at] = marks[Int(random.next() % UInt64(marks.count))]
      case 1: bytes[at] = UInt8(truncatingIfNeeded: random.next())
      case 2: bytes.remove(at: at)
      default:
        bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 8)], at: Int(random.next() % UInt64(bytes.count)))
      }
    }
    return bytes
  }
}

/// A folder without files.
struct Nothing: StackFiles {
  func read(_ path: String, limit: Int) throws(StackFileError) -> [UInt8] {
    throw .unreadable(reason: "none here")
  }
}
