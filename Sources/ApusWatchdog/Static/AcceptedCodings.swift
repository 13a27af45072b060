/// The content codings that a client takes (RFC 9110 section 12.5.3).
package struct AcceptedCodings: Sendable {
  private var weights: [String: Double] = [:]

  /// From the values of `Accept-Encoding`. Without the field nothing but the file itself is sent: a client that says
  /// nothing usually can't decode.
  package init(_ values: [String]) {
    for value in values {
      for item in value.split(separator: ",") {
        let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
        guard let coding = parts.first, !coding.isEmpty else { continue }
        let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
        weights[coding] = weight
      }
    }
  }

  package func takes(_ coding: String) -> Bool {
    (weights[coding] ?? weights["*"] ?? 0) > 0
  }

  /// Those of `codings`, which are in our order of preference, that it takes; what it likes best first.
  package func best(of codings: [String]) -> [String] {
    let taken = codings.enumerated().filter { takes($0.element) }
    func weight(_ coding: String) -> Double { weights[coding] ?? weights["*"] ?? 0 }
    return taken.sorted { left, right in
      let (first, second) = (weight(left.element), weight(right.element))
      return first == second ? left.offset < right.offset : first > second
    }.map(\.element)
  }
}
