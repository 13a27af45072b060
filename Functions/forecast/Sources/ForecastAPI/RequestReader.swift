import Apus

/// Reads a request from what a caller sends: JSON, or CSV with the rest in the query.
enum RequestReader {
  static func read(_ request: Request) async throws -> ForecastRequest {
    let type = (request.headers["Content-Type"] ?? "application/json").lowercased()
    if type.hasPrefix("text/csv") { return try await csv(request) }
    let isJSON =
      type.hasPrefix("application/json") || type.hasPrefix("text/plain") || type.hasPrefix("application/x-www")
    guard isJSON else {
      throw Problem(.unsupportedMediaType, "Neither JSON nor CSV", detail: "Send application/json or text/csv.")
    }
    var (asked, reading) = try await decode(ForecastRequest.self, request)
    asked.reading = reading
    return asked
  }

  /// Apart from the thread that answers calls: a million values take a while, and the second result says how long.
  static func decode<Value: Decodable & Sendable & MemberNaming>(
    _ type: Value.Type, _ request: Request
  ) async throws -> (value: Value, reading: Duration) {
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
        let value = try JSON().decode(KnownMembers<Value>.self, from: bytes).value
        return (value, start.duration(to: .now))
      } catch let problem as Problem {
        throw problem
      } catch {
        throw Problem.unreadable(error)
      }
    }
  }

  private static let options = [
    "value", "time", "frequency", "effort", "horizon", "horizons", "seasonality", "levels", "limit", "direction", "min",
    "max", "explain", "timing", "threshold",
  ]

  private static func csv(_ request: Request) async throws -> ForecastRequest {
    for pair in (request.query ?? "").split(separator: "&") {
      let name = String(pair.prefix { $0 != "=" })
      guard options.contains(name) else { throw Problem.unknown(name, options) }
    }
    var reader = CSVSeries(value: request.queryValue("value"), time: request.queryValue("time"))
    var reading = Duration.zero
    for try await piece in request.body {
      let start = ContinuousClock.now
      try reader.add(piece)
      reading += start.duration(to: .now)
    }
    var read = try reader.finish()
    read.reading = reading
    read.frequency = request.queryValue("frequency")
    read.effort = request.queryValue("effort")
    read.horizon = try number("horizon", request)
    if let list = try numbers("horizons", request) { read.horizons = list }
    if let list = try numbers("seasonality", request) { read.seasonality = ForecastRequest.Numbers(list) }
    if let list = try numbers("levels", request) { read.levels = list }
    if let text = request.queryValue("limit") {
      guard let limit = Double(text) else { throw Problem.field("limit", "No such limit", "Send a number.") }
      read.capacity = ForecastRequest.Capacity(limit: limit, direction: request.queryValue("direction"))
    }
    let (low, high) = (try bound("min", request), try bound("max", request))
    if low != nil || high != nil { read.bounds = ForecastRequest.Bounds(min: low, max: high) }
    read.explain = request.queryValue("explain").map { $0 != "false" }
    read.timing = request.queryValue("timing").map { $0 != "false" }
    if let text = request.queryValue("threshold") {
      guard let threshold = Double(text) else {
        throw Problem.field("threshold", "No such threshold", "Send a number.")
      }
      read.threshold = threshold
    }
    return read
  }

  private static func bound(_ name: String, _ request: Request) throws -> Double? {
    guard let text = request.queryValue(name) else { return nil }
    guard let bound = Double(text), bound.isFinite else {
      throw Problem.field(name, "No such bound", "“\(text.prefix(40))” is no number.")
    }
    return bound
  }

  private static func number(_ name: String, _ request: Request) throws -> Int? {
    guard let text = request.queryValue(name) else { return nil }
    guard let number = Int(text) else {
      throw Problem.field(name, "Not a whole number", "“\(text.prefix(40))” is none.")
    }
    return number
  }

  private static func numbers(_ name: String, _ request: Request) throws -> [Int]? {
    guard let text = request.queryValue(name) else { return nil }
    return try text.split(separator: ",").map {
      guard let number = Int($0) else { throw Problem.field(name, "Not a whole number", "“\($0.prefix(40))” is none.") }
      return number
    }
  }
}
