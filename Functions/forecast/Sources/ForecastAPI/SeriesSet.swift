import Apus
import Forecasting

/// Requests by name, in the order of the names. Too many are refused before any is read.
struct SeriesSet: Decodable, Sendable {
  let members: [(name: String, member: Member)]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: AnyMember.self)
    let names = container.allKeys.map(\.stringValue)
    guard (1...ForecastLimits.set).contains(names.count) else {
      throw Problem.field("series_set", "No series, or too many", "Send 1 to \(ForecastLimits.set) of them.")
    }
    members = try names.sorted().map { ($0, try container.decode(Member.self, forKey: AnyMember(stringValue: $0))) }
  }

  /// How many of them ask something that can be computed.
  var readable: Int {
    members.count { if case .success = $0.member.request { true } else { false } }
  }

  /// A request of a set: one that can't be read does not spoil the others.
  struct Member: Decodable, Sendable {
    let request: Result<ForecastRequest, Problem>

    init(from decoder: any Decoder) throws {
      do {
        let asked = try KnownMembers<ForecastRequest>(from: decoder).value
        guard asked.seriesSet == nil else {
          throw Problem.field("series_set", "A set within a set", "Send all series in one set.")
        }
        request = .success(asked)
      } catch let problem as Problem {
        request = .failure(problem)
      } catch let error where !(error is TimeIsUp) {
        request = .failure(.unreadable(error))
      }
    }
  }
}
