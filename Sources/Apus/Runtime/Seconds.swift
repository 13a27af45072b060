/// Durations as the contract writes them: seconds with six decimals.
package enum Seconds {
  package static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let micros = String(attoseconds / 1_000_000_000_000)
    return "\(seconds).\(String(repeating: "0", count: max(0, 6 - micros.utf8.count)))\(micros)"
  }
}
