import Apus

/// Several series in one call: each has its answer or its problem.
struct SetAnswer {
  private let set: SeriesSet
  private let time: SharedTime

  init(_ set: SeriesSet, _ time: SharedTime) {
    self.set = set
    self.time = time
  }

  private struct Part: Sendable {
    var document: Document
    var status: Status
  }

  /// 200 unless all fail; those that there is no time for do not take the others along.
  func response() async throws -> Response {
    let time = time
    let parts = try await withThrowingTaskGroup(of: (Int, Part).self) { group in
      for (index, (_, member)) in set.members.enumerated() {
        group.addTask { (index, try await Self.part(member, time)) }
      }
      var parts: [Int: Part] = [:]
      for try await (index, part) in group { parts[index] = part }
      return parts
    }
    let results = Document.object(
      set.members.enumerated().map { index, member in (member.name, parts[index]?.document ?? .null) })
    if parts.values.contains(where: { $0.status == .ok }) {
      return try .encode(Document.object([("results", results)]))
    }
    let isLate = parts.values.allSatisfy { $0.status == .gatewayTimeout }
    let problem = Problem(
      isLate ? .gatewayTimeout : .unprocessable, "No series could be answered", detail: "Each of the results says why.")
    return try problem.response(("results", results))
  }

  private static func part(_ member: SeriesSet.Member, _ time: SharedTime) async throws -> Part {
    do {
      let answer = try await ForecastRoutes.answer(try member.request.get(), time)
      return Part(document: answer.document, status: .ok)
    } catch let problem as Problem {
      return Part(document: problem.document, status: problem.status)
    }
  }
}
