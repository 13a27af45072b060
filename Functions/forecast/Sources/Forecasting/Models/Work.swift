/// Work done and allowed, in units of about a nanosecond: counted, not measured, so that equal inputs do equal work.
///
/// The deadline goes with it for when a machine takes longer than that: a fit that it cuts short throws.
package struct Work {
  package private(set) var done = 0
  package let allowed: Int
  package var deadline: Deadline

  package init(allowed: Int, deadline: Deadline = .far) {
    self.allowed = allowed
    self.deadline = deadline
  }

  package mutating func add(_ units: Int) {
    done += units
  }

  package var isSpent: Bool { done >= allowed }
  package var left: Int { max(allowed - done, 0) }
}
