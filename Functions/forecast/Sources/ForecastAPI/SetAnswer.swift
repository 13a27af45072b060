import Apus

/// Several series in one call: each has its answer or its problem.
struct SetAnswer {
  private let members: [(name: String, member: ForecastRequest.SetMember)]
  /// How long it took to read all of it, which counts for each.
  private let reading: Duration
  /// When the series have to be done: a tenth of what is left of the call is for writing down what they say.
  private let end: ContinuousClock.Instant

  init(
    _ set: [String: ForecastRequest.SetMember], reading: Duration, by deadline: ContinuousClock.Instant
  ) throws {
    guard (1...ForecastLimits.set).contains(set.count) else {
      throw Problem.field("series_set", "No series, or too many", "Send 1 to \(ForecastLimits.set) of them.")
    }
    members = set.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    self.reading = reading
    let now = ContinuousClock.now
    end = now + now.duration(to: deadline) * 0.9
  }

  private struct Part: Sendable {
    var document: Document
    var status: Status
  }

  /// 200 unless all fail; those that there is no time for do not take the others along.
  func response() async throws -> Response {
    let (reading, end) = (reading, end)
    let parts = try await withThrowingTaskGroup(of: (Int, Part).self) { group in
      for (index, member) in members.enumerated() {
        group.addTask { (index, try await Self.part(member.member, reading, end)) }
      }
      var parts: [Int: Part] = [:]
      for try await (index, part) in group { parts[index] = part }
      return parts
    }
    let results = Document.object(
      members.enumerated().map { index, member in (member.name, parts[index]?.document ?? .null) })
    if parts.values.contains(where: { $0.status == .ok }) {
      return try .encode(Document.object([("results", results)]))
    }
    let isLate = parts.values.allSatisfy { $0.status == .gatewayTimeout }
    let problem = Problem(
      isLate ? .gatewayTimeout : .unprocessable, "No series could be answered", detail: "In results is why, of each.")
    return try problem.response(("results", results))
  }

  private static func part(
    _ member: ForecastRequest.SetMember, _ reading: Duration, _ end: ContinuousClock.Instant
  ) async throws -> Part {
    do {
      switch member.request {
      case .failure(let unreadable):
        throw unreadable.problem
      case .success(let box):
        var request = box.request
        guard request.seriesSet == nil else {
          throw Problem.field("series_set", "A set within a set", "Send all series in one set.")
        }
        request.reading = reading
        let answer = try await ForecastRoutes.answer(request, by: end, needing: ForecastLimits.memberTime)
        return Part(document: answer.document, status: .ok)
      }
    } catch let problem as Problem {
      return Part(document: problem.document, status: problem.status)
    }
  }
}
