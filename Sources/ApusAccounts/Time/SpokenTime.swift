/// A configured time as people read it: the largest unit that it is whole in.
package struct SpokenTime: Sendable, CustomStringConvertible {
  private let amount: Int64
  private let unit: (english: String, french: String)

  package init(_ seconds: Int64) {
    if seconds >= 3_600, seconds % 3_600 == 0 {
      (amount, unit) = (seconds / 3_600, ("hour", "heure"))
    } else if seconds >= 60, seconds % 60 == 0 {
      (amount, unit) = (seconds / 60, ("minute", "minute"))
    } else {
      (amount, unit) = (seconds, ("second", "seconde"))
    }
  }

  package var description: String { "\(amount) \(unit.english)\(amount == 1 ? "" : "s")" }
  package var inFrench: String { "\(amount) \(unit.french)\(amount == 1 ? "" : "s")" }
}
