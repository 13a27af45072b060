import Forecasting

/// What is answered, put together from an outcome.
struct ForecastAnswer {
  let request: PreparedRequest
  let outcome: Outcome
  let milliseconds: Double

  var document: Document {
    var answer = Document.object([])
    answer.add("forecast", steps(outcome.steps))
    if let horizons = request.horizons { answer.add("horizons", summary(horizons)) }
    answer.add("model", .text(outcome.members.count == 1 ? outcome.members[0].label : "ensemble"))
    answer.add("weights", .object(outcome.members.map { ($0.model, .number($0.weight)) }))
    answer.add("backtest", backtest)
    answer.add("improvement_over_naive", improvement)
    if let saturation = outcome.saturation { answer.add("saturation", document(saturation)) }
    if let changed = outcome.changed {
      var whatIf = Document.object([("forecast", steps(changed.steps))])
      if let saturation = changed.saturation { whatIf.add("saturation", document(saturation)) }
      answer.add("what_if", whatIf)
    }
    answer.add("cleaning", cleaning)
    if request.explains { answer.add("explanation", explanation) }
    let warnings = request.series.warnings + outcome.warnings
    if !warnings.isEmpty { answer.add("warnings", .list(warnings.map(Document.text))) }
    degrade(&answer)
    if request.isTimed { answer.add("milliseconds", .number((milliseconds * 10).rounded() / 10)) }
    return answer
  }

  private func degrade(_ answer: inout Document) {
    guard outcome.isDegraded else { return }
    answer.add("degraded", .flag(true))
    answer.add("dropped", .list(outcome.dropped.map(Document.text)))
  }

  private func steps(_ steps: [Outcome.Step]) -> Document {
    .list(
      steps.enumerated().map { index, step in
        var members: [(String, Document)] = [("timestamp", request.series.stamp(index)), ("mean", .number(step.mean))]
        for (level, interval) in zip(request.question.levels, step.intervals) {
          members.append(("lo\(level)", .number(interval.low)))
          members.append(("hi\(level)", .number(interval.high)))
        }
        return .object(members)
      })
  }

  private func summary(_ horizons: [Int]) -> Document {
    .object(
      horizons.map { horizon in
        let means = outcome.steps.prefix(horizon).map(\.mean)
        return (
          "\(horizon)",
          .object([
            ("end", .number(means.last ?? 0)), ("total", .number(means.reduce(0, +))),
            ("mean", .number(Statistics.mean(means))),
          ])
        )
      })
  }

  private var backtest: Document {
    guard let figures = outcome.backtest else { return .null }
    var document = Document.object([("mase", .number(figures.mase)), ("smape", .number(figures.smape))])
    for (level, coverage) in zip(request.question.levels, figures.coverages) {
      document.add("coverage\(level)", .number(coverage))
    }
    document.add("naive_mase", .number(figures.naiveMase))
    document.add("folds", .integer(figures.folds.count))
    return document
  }

  private var improvement: Document {
    guard let figures = outcome.backtest, figures.naiveMase > 1e-12 else { return .null }
    return .number(1 - figures.mase / figures.naiveMase)
  }

  private func document(_ saturation: Saturation) -> Document {
    func stamp(_ step: Int?) -> Document { step.map { request.series.stamp($0) } ?? .null }
    return .object([
      ("date", stamp(saturation.step)), ("earliest", stamp(saturation.earliest)),
      ("latest", stamp(saturation.latest)), ("probability", .number(saturation.probability)),
      ("beyond_horizon", .flag((saturation.step ?? 0) >= request.question.horizon)),
    ])
  }

  private var cleaning: Document {
    .object([
      ("missing", .integer(outcome.missing.count)),
      (
        "outliers",
        .list(
          outcome.outliers.map {
            .object([
              ("timestamp", past($0.index)), ("value", .number($0.value)), ("replacement", .number($0.replacement)),
            ])
          })
      ),
      (
        "level_shifts",
        .list(outcome.shifts.map { .object([("timestamp", past($0.index)), ("change", .number($0.change))]) })
      ),
    ])
  }

  /// The cleaned series may be the end of what was sent.
  private func past(_ index: Int) -> Document {
    request.series.pastStamp(index + outcome.skipped)
  }

  private var explanation: Document {
    .object([
      ("transform", .text(outcome.transform)),
      ("seasons", .list(request.question.seasons.map(Document.integer))),
      (
        "models",
        .list(
          outcome.members.map {
            .object([
              ("name", .text($0.model)), ("fitted", .text($0.label)), ("weight", .number($0.weight)),
              ("error", .number($0.error)),
            ])
          })
      ),
      ("work", .integer(outcome.work)),
    ])
  }

  /// The folds of the backtest, for those who want to see them.
  var folds: Document {
    guard let figures = outcome.backtest else {
      return .object([("folds", .list([])), ("metrics", .null), ("warnings", warnings)])
    }
    let folds = figures.folds.map { fold -> Document in
      .object([
        ("origin", past(fold.origin - 1)), ("known", .integer(fold.origin)),
        ("forecast", .list(fold.forecast.map(Document.number))),
        ("observed", .list(fold.observed.map { Document.optional($0) })), ("mae", .number(fold.error)),
      ])
    }
    var answer = Document.object([
      ("folds", .list(folds)), ("metrics", backtest), ("improvement_over_naive", improvement),
      ("weights", .object(outcome.members.map { ($0.model, .number($0.weight)) })), ("warnings", warnings),
    ])
    degrade(&answer)
    return answer
  }

  private var warnings: Document { .list((request.series.warnings + outcome.warnings).map(Document.text)) }
}
