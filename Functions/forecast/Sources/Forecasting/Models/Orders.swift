/// The orders of a seasonal autoregressive integrated moving average.
package struct Orders: Sendable, Hashable {
  package var p = 0
  package var d = 0
  package var q = 0
  package var seasonalP = 0
  package var seasonalD = 0
  package var seasonalQ = 0
  package var season = 1
  package var hasMean = false

  package init(_ p: Int, _ d: Int, _ q: Int, hasMean: Bool = false) {
    (self.p, self.d, self.q, self.hasMean) = (p, d, q, hasMean)
  }

  package init(_ p: Int, _ d: Int, _ q: Int, seasonal: (Int, Int, Int), season: Int, hasMean: Bool = false) {
    self.init(p, d, q, hasMean: hasMean)
    (seasonalP, seasonalD, seasonalQ) = seasonal
    self.season = season
  }

  package var parameterCount: Int { p + q + seasonalP + seasonalQ + (hasMean ? 1 : 0) }

  package var label: String {
    let seasonal = season > 1 ? "(\(seasonalP),\(seasonalD),\(seasonalQ))[\(season)]" : ""
    return "arima(\(p),\(d),\(q))\(seasonal)"
  }

  /// The values whose differences these orders model.
  package func difference(_ values: [Double]) -> [Double] {
    var differences = values
    for _ in 0..<seasonalD { differences = zip(differences.dropFirst(season), differences).map { $0 - $1 } }
    for _ in 0..<d { differences = zip(differences.dropFirst(), differences).map { $0 - $1 } }
    return differences
  }

  /// The neighbours that a stepwise search tries next (Hyndman and Khandakar 2008).
  var neighbours: [Orders] {
    var found: [Orders] = []
    func add(_ change: (inout Orders) -> Void) {
      var next = self
      change(&next)
      let isSmall = (0...5).contains(next.p) && (0...5).contains(next.q) && next.p + next.q <= 6
      if isSmall, (0...2).contains(next.seasonalP), (0...2).contains(next.seasonalQ) { found.append(next) }
    }
    if season > 1 {
      for (p, q) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1)] {
        add {
          $0.seasonalP += p
          $0.seasonalQ += q
        }
      }
    }
    for (p, q) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1)] {
      add {
        $0.p += p
        $0.q += q
      }
    }
    if d + seasonalD <= 1 { add { $0.hasMean.toggle() } }
    return found
  }
}
