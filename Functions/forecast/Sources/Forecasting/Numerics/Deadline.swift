/// Until when a computation may go on: loops that can be long say what they do, and every so often it asks the clock.
///
/// While time is left it changes nothing, so that equal inputs give equal outputs.
package struct Deadline {
  /// The share of the time that is spent.
  private let spent: () -> Double
  /// The share at which this deadline is.
  private let end: Double
  /// Units until the clock is asked again.
  private var left = Deadline.stride
  /// Once it is past it stays so, and the clock is not asked any more.
  package private(set) var isPast = false

  /// Units of about a nanosecond: half a millisecond is soon enough for a call's end, and long beside a look at it.
  private static let stride = 500_000

  /// Is past when `spent`, the share of the time that is spent, reaches `end`.
  package init(at end: Double = 1, _ spent: @escaping () -> Double) {
    self.end = end
    self.spent = spent
  }

  /// One that never comes.
  package static var far: Deadline { Deadline { 0 } }

  /// Says that about so many nanoseconds are going to be worked.
  package mutating func pass(_ units: Int) throws(TimeIsUp) {
    left -= units
    if left > 0 && !isPast { return }
    left = Self.stride
    try check()
  }

  /// Asks the clock now: the share of the time that is spent.
  @discardableResult
  package mutating func check() throws(TimeIsUp) -> Double {
    guard !isPast else { throw TimeIsUp() }
    let now = spent()
    isPast = now >= end
    guard !isPast else { throw TimeIsUp() }
    return now
  }

  /// One when half of the time that is left will be spent, so that a part does not take all from what follows; it is
  /// not before `share`, up to which there is enough for both.
  package mutating func half(from share: Double = 0) throws(TimeIsUp) -> Deadline {
    let now = try check()
    return Deadline(at: min(max(now + (end - now) / 2, share), end), spent)
  }
}
