/// Which models are tried on a series, the cheap and the promising first.
package enum CandidateList {
  package static func suiting(_ series: CleanSeries, _ plan: BacktestPlan, _ transform: Transform, _ effort: Effort)
    -> [Candidate]
  {
    var list: [Candidate] = []
    let season = plan.seasons.first ?? 1
    func add(_ model: any Model, both: Bool = false) {
      list.append(Candidate(model, transform))
      if both, transform != .none, effort != .quick { list.append(Candidate(model, .none)) }
    }
    list.append(Candidate(SeasonalNaive(season: 1), .none))
    for season in plan.seasons { list.append(Candidate(SeasonalNaive(season: season), .none)) }
    if series.isIntermittent {
      list += [Intermittent(.croston), Intermittent(.tsb)].map { Candidate($0, .none) }
    }
    add(Drift())
    // Of what wanders off, the mean says nothing.
    if Statistics.levelStationarity(series.values) < 0.463 { add(MeanLevel()) }
    add(Theta())
    add(ExponentialSmoothing(), both: true)
    if !plan.decomposable.isEmpty { add(SeasonallyAdjusted(ExponentialSmoothing())) }
    if effort == .quick { return list }
    add(HarmonicRegression(trend: .line))
    add(HarmonicRegression(trend: .bent))
    add(Autoregression(), both: true)
    if !plan.decomposable.isEmpty {
      add(SeasonallyAdjusted(Drift()))
      add(SeasonallyAdjusted(Theta()))
      add(SeasonallyAdjusted(Autoregression(isSeasonal: false)))
    }
    if season > 1 { add(Autoregression(isSeasonal: false, name: "arima-plain")) }
    add(NeuralAutoregression())
    return list
  }
}
