/// What a caller accepts (RFC 9110 section 12.5.1).
package struct Accept: Sendable {
  /// Media ranges in small letters, without parameters, with their weights from 0 to 1.
  private let ranges: [(name: String, weight: Double)]

  /// From the values of the field.
  package init(_ values: [String]) {
    ranges = values.flatMap { $0.split(separator: ",") }.compactMap { range in
      let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      guard let name = parts.first, !name.isEmpty else { return nil }
      return (name, parts.dropFirst().first { $0.hasPrefix("q=") }.map { Self.weight($0.dropFirst(2)) } ?? 1)
    }
  }

  /// What is no weight (section 12.4.2) is none, other notations of numbers too.
  private static func weight(_ text: Substring) -> Double {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }) else { return 0 }
    return Double(text).flatMap { (0...1).contains($0) ? $0 : nil } ?? 0
  }

  /// `application/json`, `application/problem+json` and their kin are named; `*/*` asks for nothing in particular.
  var namesJSON: Bool {
    ranges.contains { ($0.name.hasSuffix("/json") || $0.name.hasSuffix("+json")) && $0.weight > 0 }
  }

  /// That of the most specific range that `type`, in small letters, is in; without the field everything is welcome.
  package func weight(of type: String) -> Double { standing(of: type).weight }

  /// The one that weighs most; nil if the caller takes none.
  ///
  /// Of equal ones, one that is named goes before what only `*/*` takes in: `application/json, */*` asks for JSON. Then
  /// the first.
  package func best(of types: [String]) -> String? {
    let standings = types.enumerated().map { (type: $1, standing: standing(of: $1), place: -$0) }
    let best = standings.max {
      ($0.standing.weight, $0.standing.isNamed ? 1 : 0, $0.place)
        < ($1.standing.weight, $1.standing.isNamed ? 1 : 0, $1.place)
    }
    return best.flatMap { $0.standing.weight > 0 ? $0.type : nil }
  }

  private func standing(of type: String) -> (weight: Double, isNamed: Bool) {
    func weight(_ name: String) -> Double? { ranges.lazy.filter { $0.name == name }.map(\.weight).max() }
    if let named = weight(type) ?? weight(type.prefix { $0 != "/" } + "/*") { return (named, true) }
    return (weight("*/*") ?? (ranges.isEmpty ? 1 : 0), false)
  }
}
