/// Which models are tried on a series, the cheap and the promising first.
package enum CandidateList {
  package static func suiting(_ series: CleanSeries, _ plan: BacktestPlan, _ transform: Transform, _ effort: Effort)
    -> [Candidate]
  {
    var list: [Candidate] = []
    func add(_ model: any Model, both: Bool = false) {
      list.append(Candidate(model, transform))
      if both, transform != .none, effort != .quick { list.append(Candidate(model, .none)) }
    }
    for season in plan.seasons { list.append(Candidate(SeasonalNaive(season: season), .none)) }
    add(Drift())
    add(Theta())
    add(ExponentialSmoothing(), both: true)
    if series.isIntermittent {
      list += [Intermittent(.croston), Intermittent(.tsb)].map { Candidate($0, .none) }
    }
    if !plan.decomposable.isEmpty { add(SeasonallyAdjusted(ExponentialSmoothing())) }
    if !series.causes.isEmpty || effort != .quick { add(HarmonicRegression(trend: .line)) }
    if effort == .quick { return list }
    // What a holiday does is mostly a share of what the day would have had.
    if !series.causes.isEmpty, transform == .none, series.values.allSatisfy({ $0 > 0 }) {
      let models: [any Model] = [
        ExponentialSmoothing(), HarmonicRegression(trend: .line), HarmonicRegression(trend: .bent), Autoregression(),
      ]
      list += models.map { Candidate($0, .logarithm) }
    }
    // Of what wanders off, the mean says nothing.
    if Statistics.levelStationarity(series.values) < 0.463 { add(MeanLevel()) }
    add(Autoregression(), both: true)
    if !plan.decomposable.isEmpty {
      add(SeasonallyAdjusted(Theta()))
      add(SeasonallyAdjusted(Autoregression(isSeasonal: false)))
    }
    add(HarmonicRegression(trend: .bent))
    add(NeuralAutoregression())
    return list
  }
}
