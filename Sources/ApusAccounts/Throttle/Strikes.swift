/// Failures in a row that are counted under some name.
package struct Strikes: Sendable, Equatable {
  package static let none = Strikes(count: 0, last: 0)

  /// Under which the failures of a login are counted; `login` is the name that stands for it.
  package static func name(ofLogin login: String) -> String { "l:\(login)" }

  /// Under which those of a network are.
  package static func name(ofNetwork network: String?) -> String { "a:\(network ?? "unknown")" }

  package let count: Int64
  /// Unix milliseconds of the last one; of a window, its beginning.
  package let last: Int64

  package init(count: Int64, last: Int64) {
    self.count = count
    self.last = last
  }
}
