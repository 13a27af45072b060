import Apus
import Forecasting

/// New observations, and the earlier answer that forecast them.
struct DriftRequest: Decodable, Sendable {
  var answer: EarlierAnswer?
  var observed: BoundedList<Double?>?

  /// As much of an earlier answer as drift is seen by.
  struct EarlierAnswer: Decodable, Sendable {
    var forecast: BoundedList<Step>
  }

  /// A step of it; the levels are those that were asked for then.
  struct Step: Decodable, Sendable {
    var timestamp: TimestampValue?
    var mean: Double
    /// The interval nearest to 80 %, and its level.
    var level = 0
    var low = 0.0
    var high = 0.0

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: AnyMember.self)
      timestamp = try container.decodeIfPresent(
        TimestampValue.self, forKey: AnyMember(stringValue: "timestamp"))
      mean = try container.decode(Double.self, forKey: AnyMember(stringValue: "mean"))
      let keys = container.allKeys
      try ReadingTime.current?.tick(keys.count)
      for key in keys where key.stringValue.hasPrefix("lo") {
        guard let found = Int(key.stringValue.dropFirst(2)), (1...99).contains(found) else { continue }
        guard level == 0 || abs(found - 80) < abs(level - 80) else { continue }
        level = found
        low = try container.decode(Double.self, forKey: key)
        high = try container.decode(Double.self, forKey: AnyMember(stringValue: "hi\(found)"))
      }
    }

    /// The standard deviation that the interval stands for.
    var deviation: Double {
      (high - low) / 2 / Statistics.normalQuantile(0.5 + Double(level) / 200)
    }
  }

  func document() throws -> Document {
    guard let steps = answer?.forecast.elements, !steps.isEmpty else {
      throw Problem.field("answer", "No earlier answer", "Send \"answer\": what a forecast answered before.")
    }
    guard let observed = observed?.elements, observed.contains(where: { $0 != nil }) else {
      throw Problem.field(
        "observed", "Nothing was observed", "Send \"observed\": the values since, null where missing.")
    }
    guard observed.count <= steps.count else {
      throw Problem.field(
        "observed", "More values than were forecast",
        "\(observed.count) values against \(steps.count) steps: forecast anew.")
    }
    guard let bare = steps.firstIndex(where: { $0.level == 0 || !$0.deviation.isFinite }) else {
      return document(steps, observed)
    }
    throw Problem.field(
      "answer.forecast[\(bare)]", "A step without an interval", "Send lo80 and hi80, or another level.")
  }

  private func document(_ steps: [Step], _ observed: [Double?]) -> Document {
    let steps = Array(steps.prefix(observed.count))
    let watch = DriftWatch(observed: observed, means: steps.map(\.mean), deviations: steps.map(\.deviation))
    func stamp(_ index: Int?) -> Document {
      guard let index else { return .null }
      switch steps[index].timestamp {
      case .text(let text): return .text(text)
      case .number(let number): return Int(exactly: number).map(Document.integer) ?? .number(number)
      case nil: return .integer(index)
      }
    }
    return .object([
      ("verdict", .text(watch.verdict == .stable ? "stable" : "drift")),
      ("direction", watch.verdict == .stable ? .null : .text(watch.verdict.rawValue)),
      ("since", stamp(watch.since)), ("detected", stamp(watch.detected)),
      ("errors", .list(watch.errors.map { Document.optional($0) })),
      (
        "cusum",
        .object([
          ("upper", .list(watch.upper.map(Document.number))), ("lower", .list(watch.lower.map(Document.number))),
          ("limit", .number(5)),
        ])
      ),
    ])
  }
}
