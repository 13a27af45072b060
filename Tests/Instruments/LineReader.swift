package import ApusIO
import Glibc

/// What a program says, line by line.
package final class LineReader {
  private let input: Descriptor
  private var seen: [UInt8] = []
  /// The lines that nobody waited for, in order.
  package private(set) var passed: [String] = []

  package init(_ input: consuming Descriptor) { self.input = input }

  /// The next line that has `mark`, which must come within twenty seconds; empty if the program ends without.
  package func line(with mark: String) -> String {
    let wanted = Array(mark.utf8)
    while let line = nextLine() {
      let text = String(decoding: line, as: UTF8.self)
      if line.indices.contains(where: { line[$0...].starts(with: wanted) }) { return text }
      passed.append(text)
    }
    return ""
  }

  /// All that it has still to say until it ends.
  package func linesToTheEnd() -> [String] {
    while let line = nextLine() { passed.append(String(decoding: line, as: UTF8.self)) }
    return passed
  }

  private func nextLine() -> [UInt8]? {
    while true {
      if let end = seen.firstIndex(of: UInt8(ascii: "\n")) {
        defer { seen.removeFirst(end + 1) }
        return Array(seen[..<end])
      }
      var waiting = pollfd(fd: input.raw, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 20_000) == 1 else { return nil }
      var block = [UInt8](repeating: 0, count: 65_536)
      let count = read(input.raw, &block, block.count)
      guard count > 0 else { return nil }
      seen += block[..<count]
    }
  }
}
