/// What a caller sends; all but the series may be left out.
package struct ForecastRequest: Decodable, Sendable {
  var series: BoundedList<Double?>?
  var timestamps: BoundedList<TimestampValue>?
  var frequency: String?
  var seasonality: Numbers?
  var horizon: Int?
  var horizons: BoundedList<Int>?
  var levels: BoundedList<Int>?
  var holidays: BoundedList<DatedCause>?
  var events: BoundedList<DatedCause>?
  var capacity: Capacity?
  var whatIf: WhatIf?
  var bounds: Bounds?
  var explain: Bool?
  var effort: String?
  /// Whether the answer says how long it took; without, equal requests have equal bytes.
  var timing: Bool?
  /// For anomalies: how many robust standard deviations are too many.
  var threshold: Double?
  var seriesSet: SeriesSet?
  /// Values before the first, which were left out because there were too many.
  var skipped = 0
  /// How long it took to make this of what was sent, waiting for more of it aside.
  package var reading = Duration.zero

  enum CodingKeys: String, CodingKey, CaseIterable {
    case series, timestamps, frequency, seasonality, horizon, horizons, levels, holidays, events, capacity, bounds
    case explain, effort, timing, threshold
    case whatIf = "what_if"
    case seriesSet = "series_set"
  }

  init() {}

  struct Capacity: Decodable, Sendable {
    var limit: Double
    var direction: String?
  }

  struct WhatIf: Decodable, Sendable {
    var growth: Double?
    var step: Double?
    var from: TimestampValue?
  }

  struct Bounds: Decodable, Sendable {
    var min: Double?
    var max: Double?
  }

  struct DatedCause: Decodable, Sendable {
    var date: String
    var name: String?
  }

  /// One number or several.
  struct Numbers: Decodable, Sendable {
    var values: [Int]

    init(_ list: BoundedList<Int>) { values = list.elements }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let one = try? container.decode(Int.self) {
        values = [one]
      } else {
        values = try container.decode(BoundedList<Int>.self).elements
      }
    }
  }
}
