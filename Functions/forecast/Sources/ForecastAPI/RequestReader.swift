package import Apus
import Forecasting

/// Reads a request from what a caller sends: JSON, or CSV with the rest in the query.
package enum RequestReader {
  package static func read(
    _ request: Request, taking options: [CSVOption], by deadline: ContinuousClock.Instant
  ) async throws -> ForecastRequest {
    if isCSV(request) { return try await csv(request, options, deadline) }
    let type = mediaType(request)
    let isJSON =
      type.hasPrefix("application/json") || type.hasPrefix("text/plain") || type.hasPrefix("application/x-www")
    guard isJSON else {
      throw Problem(.unsupportedMediaType, "Neither JSON nor CSV", detail: "Send application/json or text/csv.")
    }
    var (asked, reading) = try await decode(ForecastRequest.self, request, by: deadline)
    asked.reading = reading
    return asked
  }

  /// Apart from the thread that answers calls: a million values take a while, and the second result says how long.
  static func decode<Value: Decodable & Sendable & MemberNaming>(
    _ type: Value.Type, _ request: Request, by deadline: ContinuousClock.Instant
  ) async throws -> (value: Value, reading: Duration) {
    try refuseQuery(request, Value.memberNames)
    let bytes: [UInt8]
    do {
      bytes = try await request.body.collect(limit: ForecastLimits.jsonBytes)
    } catch var problem as Problem where problem.status == .contentTooLarge {
      problem.detail = "Send at most \(ForecastLimits.jsonBytes >> 20) MiB, or CSV, of which the end is used."
      throw problem
    }
    return try await offload {
      do {
        let start = ContinuousClock.now
        let value = try ReadingTime.$current.withValue(ReadingTime(from: start, by: deadline)) {
          try JSON().decode(KnownMembers<Value>.self, from: bytes).value
        }
        return (value, start.duration(to: .now))
      } catch let error where !(error is Problem || error is TimeIsUp) {
        throw Problem.unreadable(error)
      }
    }
  }

  static func isCSV(_ request: Request) -> Bool { mediaType(request).hasPrefix("text/csv") }

  private static func mediaType(_ request: Request) -> String {
    (request.headers["Content-Type"] ?? "application/json").lowercased()
  }

  /// JSON has all that is asked in its body: an option in the query would be as if it were not there.
  private static func refuseQuery(_ request: Request, _ members: [String]) throws {
    guard let name = request.query?.split(separator: "&").first?.prefix(while: { $0 != "=" }) else { return }
    let option = CSVOption(encoded: String(name))
    let member = option?.member ?? String(name)
    // What has a dot may come of an option, as capacity.limit of limit, but is none that a caller could mean.
    let isKnown = members.contains(option == nil ? member : String(member.prefix { $0 != "." }))
    let place =
      isKnown
      ? "Send \(member) in the body" : "Known in the body are \(members.sorted().joined(separator: ", "))"
    throw Problem.field(
      String(name.prefix(100)), "JSON has no options in the query",
      "\(place): only a CSV, sent as text/csv, has options in the query.")
  }

  private static func csv(
    _ request: Request, _ options: [CSVOption], _ deadline: ContinuousClock.Instant
  ) async throws -> ForecastRequest {
    let query = try CSVQuery(request, taking: options)
    var asked = try query.asked()
    var series = CSVSeries(value: query.text(.value), time: query.text(.time))
    var reading = Duration.zero
    for try await piece in request.body {
      let start = ContinuousClock.now
      try ReadingTime.check(reading, at: start, by: deadline)
      try series.add(piece)
      reading += start.duration(to: .now)
    }
    try series.finish(&asked)
    asked.reading = reading
    return asked
  }
}
