/// From where and how far the backtest forecasts.
package struct BacktestPlan: Sendable {
  /// Lengths of the histories that are forecast from, ascending; empty if the series is too short.
  package let origins: [Int]
  package let horizon: Int
  /// Seasons of which the shortest history has more than one, and those of which it has two.
  package let seasons: [Int]
  package let decomposable: [Int]

  /// The folds by which models are chosen: what was long ago tells how far off forecasts may be, not who is good now.
  var recent: [Int] {
    let span = 2 * max(horizon, seasons.first ?? 1)
    return origins.indices.filter { origins[$0] >= (origins.last ?? 0) - span }
  }

  /// How many folds would tell as much if they did not overlap.
  var independentFolds: Double {
    guard let first = origins.first, let last = origins.last else { return 0 }
    return 1 + Double(last - first) / Double(horizon)
  }

  /// The folds that have no observation in common with this one.
  func apart(from fold: Int) -> [Int] {
    origins.indices.filter { abs(origins[$0] - origins[fold]) >= horizon }
  }

  package init(count: Int, seasons: [Int], horizon: Int, folds: Int) {
    let shortest = seasons.filter { $0 > 1 }
    var least = max(8, count * 2 / 5)
    for season in shortest {
      if count >= 2 * season + 2 + min(horizon, max(season / 2, 3)) {
        least = max(least, 2 * season + 2)
      } else if count >= season + season / 20 + min(horizon, season) {
        least = max(least, season + season / 20)
      }
    }
    let room = count - least
    let reach = min(horizon, max(room * 2 / 3, min(room, 3)))
    let last = count - reach
    if reach >= 1, last >= least {
      let first = max(least, last - 4 * max(reach, seasons.first ?? 1))
      let number = min(folds, last - first + 1)
      origins = (0..<number).map { number == 1 ? last : first + (last - first) * $0 / (number - 1) }
    } else {
      origins = []
    }
    self.horizon = max(reach, 1)
    let base = origins.first ?? count
    self.seasons = shortest.filter { base >= $0 + $0 / 20 }
    decomposable = shortest.filter { base >= 2 * $0 }
  }
}
