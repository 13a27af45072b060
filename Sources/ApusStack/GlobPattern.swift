/// A shell pattern: `*`, `?`, `[a-z]`, `[^a-z]`, and `\` before a character that is meant as itself.
struct GlobPattern {
  private enum Token {
    case anything
    case anyOne
    case oneOf([ClosedRange<Unicode.Scalar>], isInverted: Bool)
    case exactly(Unicode.Scalar)
  }

  private let tokens: [Token]

  init(_ text: String) {
    var rest = text.unicodeScalars[...]
    var tokens: [Token] = []
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*": tokens.append(.anything)
      case "?": tokens.append(.anyOne)
      case "\\": tokens.append(.exactly(rest.popFirst() ?? scalar))
      case "[":
        // An unclosed class is a bracket, as in a shell.
        tokens.append(Self.characterClass(&rest) ?? .exactly(scalar))
      default: tokens.append(.exactly(scalar))
      }
    }
    self.tokens = tokens
  }

  private init(tokens: [Token]) {
    self.tokens = tokens
  }

  /// Matches reversed texts.
  var reversed: GlobPattern { GlobPattern(tokens: tokens.reversed()) }

  /// How many scalars the shortest or longest match at the front has, leaving empty ones aside; 0 for none.
  ///
  /// All ways to match are followed at once, so the time is the product of the two lengths, whatever the pattern.
  func matchLength(in text: [Unicode.Scalar], isLongest: Bool) -> Int {
    var reached = closure(of: [0])
    var length = 0
    for (index, scalar) in text.enumerated() {
      var next: Set<Int> = []
      for state in reached where state < tokens.count {
        switch tokens[state] {
        case .anything: next.insert(state)
        case .anyOne: next.insert(state + 1)
        case .exactly(let expected): if scalar == expected { next.insert(state + 1) }
        case .oneOf(let ranges, let isInverted):
          if ranges.contains(where: { $0.contains(scalar) }) != isInverted { next.insert(state + 1) }
        }
      }
      if next.isEmpty { break }
      reached = closure(of: next)
      guard reached.contains(tokens.count) else { continue }
      length = index + 1
      if !isLongest { break }
    }
    return length
  }

  /// The states with those behind a `*` that matches nothing.
  private func closure(of states: Set<Int>) -> Set<Int> {
    var closed: Set<Int> = []
    for var state in states {
      closed.insert(state)
      while state < tokens.count, case .anything = tokens[state] {
        state += 1
        closed.insert(state)
      }
    }
    return closed
  }

  private static func characterClass(_ rest: inout Substring.UnicodeScalarView) -> Token? {
    var inside = rest
    let isInverted = inside.first == "^" || inside.first == "!"
    if isInverted { inside.removeFirst() }
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    while let low = inside.popFirst() {
      if low == "]", !ranges.isEmpty {
        rest = inside
        return .oneOf(ranges, isInverted: isInverted)
      }
      let after = inside.index(inside.startIndex, offsetBy: 1, limitedBy: inside.endIndex) ?? inside.endIndex
      if inside.first == "-", after < inside.endIndex, inside[after] != "]" {
        let high = inside[after]
        inside.removeFirst(2)
        ranges.append(low...max(low, high))
      } else {
        ranges.append(low...low)
      }
    }
    return nil
  }
}
