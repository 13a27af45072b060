package import ApusModel

/// The functions that a token is for, as OpenFaaS writes them: `NAMESPACE:NAME`, with `*` for any characters.
package struct FunctionPermissions: Sendable, Equatable {
  private let patterns: [String]

  init(_ patterns: [String]) {
    self.patterns = patterns
  }

  package func allow(_ function: FunctionName) -> Bool {
    let name = Array("\(function.namespace):\(function.name)".utf8)
    return patterns.contains { FunctionPermissions.matches(Array($0.utf8), name) }
  }

  /// Goes back to the last star only, so its time is the product of both lengths at worst.
  private static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
    var (at, place) = (0, 0)
    var retry: (at: Int, place: Int)?
    while place < text.count {
      if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
        retry = (at + 1, place)
        at += 1
      } else if at < pattern.count, pattern[at] == text[place] {
        at += 1
        place += 1
      } else if let last = retry {
        retry = (last.at, last.place + 1)
        (at, place) = (last.at, last.place + 1)
      } else {
        return false
      }
    }
    return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
