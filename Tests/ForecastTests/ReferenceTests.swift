import Forecasting
import Glibc
import Testing

/// Figures beside these are statsmodels 0.15's, computed when the test was written.
@Suite struct `A model` {
  private static func near(_ found: [Double], _ expected: [Double], within tolerance: Double) -> Bool {
    found.count >= expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance }
  }

  @Test func `of the airline type forecasts as SARIMAX does with the same coefficients`() {
    let orders = Orders(0, 1, 1, seasonal: (0, 1, 1), season: 12)
    let process = ArimaProcess(orders, ma: [-0.4], seasonalMA: [-0.6])
    let forecast = process.forecast(Samples.passengers.map { log($0) }, 12)
    let expected = [
      5.858381, 5.812059, 5.957895, 5.930744, 5.955596, 6.120241, 6.232422, 6.238082, 6.0702, 5.938224, 5.801841,
      5.905879,
    ]
    #expect(Self.near(forecast, expected, within: 0.004), "\(forecast)")
    let deviations = process.deviations(6)
    #expect(Self.near(deviations, [1, 1.166219, 1.311516, 1.44225, 1.562079, 1.67335], within: 2e-4), "\(deviations)")
  }

  @Test func `of type ARMA forecasts as SARIMAX does with the same coefficients`() {
    let mean = Statistics.mean(Samples.nile)
    let process = ArimaProcess(Orders(1, 0, 1, hasMean: true), ar: [0.8], ma: [-0.4], mean: mean)
    let forecast = process.forecast(Samples.nile, 5)
    #expect(Self.near(forecast, [936.845984, 936.113629, 935.527746, 935.059039, 934.684073], within: 0.001))
    #expect(Self.near(process.deviations(5), [1, 1.077033, 1.123566, 1.152361, 1.170418], within: 1e-5))
  }

  @Test func `of the airline type finds coefficients close to the likeliest`() throws {
    var work = Work(allowed: .max)
    let orders = Orders(0, 1, 1, seasonal: (0, 1, 1), season: 12)
    let sample = Sample(Samples.passengers.map { log($0) }, seasons: [12])
    let fitted = try #require(Autoregression(orders: orders).fit(sample, like: nil, &work))
    #expect(Self.near(fitted.forecast(3), [5.853889, 5.803871, 5.948477], within: 0.015), "\(fitted.forecast(3))")
    #expect(work.done > 0)
  }

  // Where a search starts differs, and with it where it ends: hence tolerances.
  @Test(arguments: [
    (SmoothingForm(trend: .none), Samples.nile, [850.92, 850.92], 12.0),
    (SmoothingForm(trend: .additive), Samples.nile, [806.68, 802.49], 30.0),
    (SmoothingForm(trend: .additive), Samples.passengers, [338.89, 340.78], 4.0),
  ]) func `of exponential smoothing comes close to statsmodels`(
    form: SmoothingForm, values: [Double], expected: [Double], tolerance: Double
  ) throws {
    var work = Work(allowed: .max)
    let fitted = try #require(ExponentialSmoothing(forms: [form]).fit(Sample(values), like: nil, &work))
    #expect(Self.near(fitted.forecast(2), expected, within: tolerance), "\(fitted.forecast(2))")
  }

  @Test func `of Holt and Winters comes close to statsmodels on passengers`() throws {
    var work = Work(allowed: .max)
    let form = SmoothingForm(trend: .additive, season: .multiplicative)
    let sample = Sample(Samples.passengers, seasons: [12])
    let fitted = try #require(ExponentialSmoothing(forms: [form]).fit(sample, like: nil, &work))
    let expected = [
      350.959406, 333.629414, 387.807332, 380.13945, 398.088976, 475.82805, 530.929267, 534.388709, 432.383595,
      381.846309, 330.353044, 368.714584,
    ]
    let forecast = fitted.forecast(12)
    let shares = zip(forecast, expected).map { abs($0 / $1 - 1) }
    #expect(shares.allSatisfy { $0 < 0.08 }, "\(forecast)")
  }

  @Test func `of Theta has half the slope and the level of statsmodels`() throws {
    var work = Work(allowed: .max)
    let forecast = try #require(Theta().fit(Sample(Samples.nile), like: nil, &work)).forecast(6)
    #expect(Self.near(forecast, [841.402922, 839.05327, 836.703619, 834.353968, 832.004316, 829.654665], within: 6))
    #expect(abs((forecast[5] - forecast[0]) / 5 + 4.699303 / 2) < 0.01)
  }

  @Test func `of decomposition is statsmodels' STL`() throws {
    var deadline = Deadline.far
    let parts = try Decomposition(Samples.passengers.map { log($0) }, seasons: [12], &deadline)
    let last = [
      -0.087379, -0.133002, 0.011192, -0.021492, -0.012692, 0.126625, 0.228625, 0.217783, 0.065197, -0.072862, -0.21386,
      -0.105931,
    ]
    #expect(Self.near(parts.seasonalAhead(12), last, within: 0.003), "\(parts.seasonalAhead(12))")
    #expect(
      Self.near([parts.trend[0], parts.trend[60], parts.trend[119]], [4.814764, 5.420165, 5.954801], within: 0.003))
    let first = (0..<4).map { parts.seasonal(at: $0) }
    #expect(Self.near(first, [-0.091244, -0.073502, 0.055426, 0.005047], within: 0.003), "\(first)")
  }

  @Test func `of tests and correlations gives statsmodels' figures`() {
    #expect(abs(Statistics.levelStationarity(Samples.nile) - 1.3734834584052313) < 1e-9)
    #expect(abs(Statistics.levelStationarity(Samples.passengers) - 3.589423401006329) < 1e-9)
    let correlations = Statistics.autocorrelations(Samples.nile, lags: 4)
    #expect(Self.near(correlations, [0.532225, 0.417702, 0.342676, 0.280456], within: 1e-6))
    #expect(abs(Statistics.normalQuantile(0.9) - 1.2815515655446004) < 1e-9)
    #expect(abs(Statistics.normalQuantile(0.975) - 1.959963984540054) < 1e-9)
    for (level, freedom, expected) in [(0.9, 4.0, 1.533206), (0.975, 8, 2.306004), (0.975, 4, 2.776445)] {
      #expect(abs(Statistics.studentQuantile(level, freedom: freedom) - expected) < 0.01, "\(level) \(freedom)")
    }
  }

  @Test func `of intermittent demand smooths sizes and gaps apart`() throws {
    var work = Work(allowed: .max)
    // By hand, smoothing 0.1: sizes 3, 3.2, gaps 2, 2.1; 0.95 * 3.2 / 2.1.
    let sample = Sample([0, 3, 0, 0, 5, 0])
    let croston = try #require(Intermittent(.croston).fit(sample, like: nil, &work))
    #expect(Self.near(croston.forecast(2), [0.95 * 3.2 / 2.1, 0.95 * 3.2 / 2.1], within: 1e-12))
    let tsb = try #require(Intermittent(.tsb).fit(sample, like: nil, &work))
    // The probability from 1/3: 0.9 (0.9 (0.9 (0.9 (0.9/3) + 0.1)...)).
    var probability = 1.0 / 3
    for value in sample.values { probability += 0.1 * ((value > 0 ? 1 : 0) - probability) }
    #expect(Self.near(tsb.forecast(1), [3.2 * probability], within: 1e-12))
  }

  @Test func `of the simplest kinds does what a hand would`() throws {
    var work = Work(allowed: .max)
    let sample = Sample([1, 5, 3, 2, 6, 7], seasons: [3])
    let naive = try #require(SeasonalNaive(season: 3).fit(sample, like: nil, &work))
    #expect(naive.forecast(5) == [2, 6, 7, 2, 6])
    // Errors 1, 1 and 4; after a season there is another of the same size.
    #expect(Self.near(naive.deviations(4), [6, 6, 6, 12].map { sqrt($0) }, within: 1e-9))
    let drift = try #require(Drift().fit(sample, like: nil, &work))
    #expect(Self.near(drift.forecast(3), [8.2, 9.4, 10.6], within: 1e-9))
    let mean = try #require(MeanLevel().fit(sample, like: nil, &work))
    #expect(mean.forecast(2) == [4, 4])
  }

  @Test func `of type ARIMA takes no season of more than 24 steps`() throws {
    var work = Work(allowed: .max)
    for (season, isTaken) in [(24, true), (25, false), (48, false)] {
      let values = (0..<400).map { 10 + 3 * sin(2 * Double.pi * Double($0) / Double(season)) + Double($0 * 7 % 5) / 10 }
      let fitted = try #require(Autoregression().fit(Sample(values, seasons: [season]), like: nil, &work))
      #expect(fitted.label.contains("[\(season)]") == isTaken, "\(fitted.label)")
    }
  }

  @Test func `of waves continues waves`() throws {
    var work = Work(allowed: .max)
    let values = (0..<96).map { 10 + 3 * sin(2 * Double.pi * Double($0) / 24) + 0.05 * Double($0) }
    let fitted = try #require(HarmonicRegression(trend: .line).fit(Sample(values, seasons: [24]), like: nil, &work))
    let expected = (96..<120).map { 10 + 3 * sin(2 * Double.pi * Double($0) / 24) + 0.05 * Double($0) }
    #expect(Self.near(fitted.forecast(24), expected, within: 0.05), "\(fitted.forecast(24))")
  }

  @Test func `of a network learns what no line continues`() throws {
    var work = Work(allowed: .max)
    // The logistic map: without noise, and without any linear correlation.
    var values = [0.3]
    while values.count < 200 { values.append(3.8 * (values.last ?? 0) * (1 - (values.last ?? 0))) }
    let fitted = try #require(NeuralAutoregression().fit(Sample(values), like: nil, &work))
    let next = 3.8 * values[199] * (1 - values[199])
    #expect(abs(fitted.forecast(1)[0] - next) < 0.1, "\(fitted.forecast(1)[0]) for \(next)")
    #expect(fitted.label.hasPrefix("neural-ar"), "it is called what it is")
  }
}
