/// Work done and allowed, in units of about a nanosecond: counted, not measured, so that equal inputs do equal work.
package struct Work: Sendable {
  package private(set) var done = 0
  package let allowed: Int

  package init(allowed: Int) {
    self.allowed = allowed
  }

  package mutating func add(_ units: Int) {
    done += units
  }

  package var isSpent: Bool { done >= allowed }
  package var left: Int { max(allowed - done, 0) }
}
