import Apus

/// The query of a CSV: options that are known, each of them once.
struct CSVQuery {
  private var texts: [CSVOption: String] = [:]

  init(_ request: Request, taking known: [CSVOption]) throws {
    for pair in (request.query ?? "").split(separator: "&") {
      let name = String(pair.prefix { $0 != "=" })
      guard let option = CSVOption(encoded: name), known.contains(option) else {
        throw Problem.unknown(name, known.map(\.rawValue))
      }
      guard texts[option] == nil else {
        throw Problem.field(
          option.rawValue, "Given twice", "Only one would count. A list is written as in horizons=7,30.")
      }
      guard let text = request.queryValue(option.rawValue) else {
        throw Problem.field(option.rawValue, "Can't be decoded", "Send UTF-8, percent-encoded.")
      }
      texts[option] = text
    }
  }

  func text(_ option: CSVOption) -> String? { texts[option] }

  /// All of the request but the series.
  func asked() throws -> ForecastRequest {
    var asked = ForecastRequest()
    asked.frequency = text(.frequency)
    asked.effort = text(.effort)
    asked.horizon = try read(.horizon, "a whole number") { Int($0) }
    asked.horizons = try list(.horizons)
    asked.seasonality = try list(.seasonality).map(ForecastRequest.Numbers.init)
    asked.levels = try list(.levels)
    let direction = text(.direction)
    if let limit = try number(.limit) {
      asked.capacity = ForecastRequest.Capacity(limit: limit, direction: direction)
    } else if direction != nil {
      throw Problem.field("direction", "The side of no limit", "Send limit, too.")
    }
    let (low, high) = (try number(.min), try number(.max))
    if low != nil || high != nil { asked.bounds = ForecastRequest.Bounds(min: low, max: high) }
    asked.explain = try read(.explain, "true or false") { Bool($0) }
    asked.timing = try read(.timing, "true or false") { Bool($0) }
    asked.threshold = try number(.threshold)
    return asked
  }

  private func read<Value>(_ option: CSVOption, _ kind: String, _ value: (String) -> Value?) throws -> Value? {
    guard let text = text(option) else { return nil }
    if let value = value(text) { return value }
    throw Problem.field(option.rawValue, "Can't be read", "“\(text.prefix(40))” is not \(kind).")
  }

  private func number(_ option: CSVOption) throws -> Double? {
    try read(option, "a number") { Double($0).flatMap { $0.isFinite ? $0 : nil } }
  }

  private func list(_ option: CSVOption) throws -> BoundedList<Int>? {
    let numbers = try read(option, "a list of whole numbers, as in 7,30") { text in
      // Nothing at all is the empty list.
      let numbers = text.split(separator: ",", omittingEmptySubsequences: text.isEmpty).map { Int($0) }
      return numbers.contains(nil) ? nil : numbers.compactMap(\.self)
    }
    return try numbers.map { try BoundedList($0, as: option.rawValue) }
  }

  /// The option that a field of the request was made of; the field itself if there is none but for the columns.
  static func name(of field: String, in request: Request) -> String {
    let nested: [CSVOption] = [.limit, .direction, .min, .max]
    let option = nested.first {
      request.queryValue($0.rawValue) != nil && ($0.member + ".").hasPrefix(field + ".")
    }
    return option?.rawValue ?? field
  }
}
