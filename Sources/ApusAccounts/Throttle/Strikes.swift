/// Failures in a row that are counted under some name.
package struct Strikes: Sendable, Equatable {
  package static let none = Strikes(count: 0, last: 0)

  package let count: Int64
  /// Unix milliseconds of the last one; of a window, its beginning.
  package let last: Int64

  package init(count: Int64, last: Int64) {
    self.count = count
    self.last = last
  }
}
