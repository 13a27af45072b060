import Apus

/// Several series in one call: each has its answer or its problem.
struct SetAnswer {
  private let members: [(name: String, member: ForecastRequest.SetMember)]
  private let deadline: ContinuousClock.Instant

  init(_ set: [String: ForecastRequest.SetMember], _ deadline: ContinuousClock.Instant) throws {
    guard (1...ForecastLimits.set).contains(set.count) else {
      throw Problem.field("series_set", "No series, or too many", "Send 1 to \(ForecastLimits.set) of them.")
    }
    members = set.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    self.deadline = deadline
  }

  private struct Part: Sendable {
    var document: Document
    var isAnswer: Bool
  }

  /// 200 unless all fail.
  func response() async throws -> Response {
    let deadline = deadline
    let parts = try await withThrowingTaskGroup(of: (Int, Part).self) { group in
      for (index, member) in members.enumerated() {
        group.addTask { (index, try await Self.part(member.member, deadline)) }
      }
      var parts: [Int: Part] = [:]
      for try await (index, part) in group { parts[index] = part }
      return parts
    }
    let results = members.enumerated().map { index, member in
      (member.name, parts[index]?.document ?? .null)
    }
    let hasAnswer = parts.values.contains(where: \.isAnswer)
    return try .encode(Document.object([("results", .object(results))]), status: hasAnswer ? .ok : .unprocessable)
  }

  private static func part(_ member: ForecastRequest.SetMember, _ deadline: ContinuousClock.Instant) async throws
    -> Part
  {
    do {
      switch member.request {
      case .failure(let unreadable):
        throw unreadable.problem
      case .success(let box):
        guard box.request.seriesSet == nil else {
          throw Problem.field("series_set", "A set within a set", "Send all series in one set.")
        }
        return Part(document: try await ForecastRoutes.answer(box.request, by: deadline).document, isAnswer: true)
      }
    } catch let problem as Problem {
      return Part(document: problem.document, isAnswer: false)
    }
  }
}
