/// Finds what somebody probably meant to type.
package enum Suggestion {
  /// Longer texts are not slips of a finger; the bound also keeps the table of distances small.
  private static let lengthLimit = 40

  /// The candidate nearest to `given`, if one is near: about one slip in three letters, or the rest of a word begun.
  package static func nearest(to given: String, among candidates: [String]) -> String? {
    let typed = Array(given.lowercased())
    guard !typed.isEmpty, typed.count <= lengthLimit else { return nil }
    var best: (candidate: String, distance: Int)?
    for candidate in candidates where candidate.count <= lengthLimit {
      let letters = Array(candidate.lowercased())
      let isBegun = typed.count >= 2 && letters.starts(with: typed)
      let distance = isBegun ? 1 : editDistance(typed, letters)
      guard distance <= max(1, typed.count / 3), distance < letters.count else { continue }
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.candidate
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that lead from one word to the other
  /// (the "optimal string alignment" distance).
  package static func editDistance(_ source: [Character], _ target: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...target.count)
    for (row, letter) in source.enumerated() {
      var current = [row + 1]
      for (column, other) in target.enumerated() {
        var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == target[column - 1], source[row - 1] == other {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[target.count]
  }
}
