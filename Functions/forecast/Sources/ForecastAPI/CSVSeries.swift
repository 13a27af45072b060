import Apus

/// Reads one column of a CSV, and a column of timestamps if there is one, line by line; of a long one the end is kept.
struct CSVSeries {
  private let valueColumn: String?
  private let timeColumn: String?
  private var line: [UInt8] = []
  private var number = 0
  private var bytes = 0
  private var isQuoted = false
  private var places: (value: Int, time: Int?)?
  private var delimiter = UInt8(ascii: ",")

  private var values: [Double?] = []
  private var times: [TimestampValue] = []
  private var dropped = 0

  /// Columns by name or, from 1 on, by number. Without, the last column has the values and, of two, the first the
  /// times.
  init(value: String?, time: String?) {
    valueColumn = value.flatMap { $0.isEmpty ? nil : $0 }
    timeColumn = time.flatMap { $0.isEmpty ? nil : $0 }
  }

  mutating func add(_ piece: [UInt8]) throws {
    bytes += piece.count
    guard bytes <= ForecastLimits.csvBytes else {
      throw Problem(.contentTooLarge, "Too long a CSV", detail: "Send at most \(ForecastLimits.csvBytes >> 20) MiB.")
    }
    for byte in piece {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == UInt8(ascii: "\n"), !isQuoted {
        try end()
      } else {
        line.append(byte)
        guard line.count <= ForecastLimits.csvLineBytes else {
          throw Problem.field("line \(number + 1)", "Too long a line", "Is a quote left open?")
        }
      }
    }
  }

  /// Puts what was read into a request.
  mutating func finish(_ request: inout ForecastRequest) throws {
    try end()
    let extra = max(0, values.count - ForecastLimits.csvValues)
    request.series = try BoundedList(Array(values.dropFirst(extra)), as: "series")
    if !times.isEmpty { request.timestamps = try BoundedList(Array(times.dropFirst(extra)), as: "timestamps") }
    request.skipped = dropped + extra
  }

  private mutating func end() throws {
    defer { line.removeAll(keepingCapacity: true) }
    number += 1
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    if line.allSatisfy({ $0 == UInt8(ascii: " ") }) { return }
    if places == nil, !line.contains(delimiter), line.contains(UInt8(ascii: ";")) { delimiter = UInt8(ascii: ";") }
    let fields = fields()
    if places == nil, try locate(fields) { return }
    try read(fields)
  }

  /// Whether the first line names the columns.
  private mutating func locate(_ fields: [String]) throws -> Bool {
    func place(_ name: String?, _ option: CSVOption) throws -> Int? {
      guard let name else { return nil }
      if let index = fields.firstIndex(of: name) { return index }
      if let number = Int(name), (1...fields.count).contains(number) { return number - 1 }
      throw Problem.field(
        option.rawValue, "No such column",
        "“\(name.prefix(40))” is none: the first line has \(fields.joined(separator: ", ").prefix(200)).")
    }
    let value = try place(valueColumn, .value) ?? fields.count - 1
    let time = try place(timeColumn, .time) ?? (fields.count == 2 && value == 1 ? 0 : nil)
    places = (value, time)
    return Self.isName(fields[value])
  }

  private static func isName(_ field: String) -> Bool {
    Double(field) == nil && !missing.contains(field.lowercased())
  }

  private static let missing: Set<String> = ["", "null", "na", "n/a", "nan", "none", "-"]

  private mutating func read(_ fields: [String]) throws {
    guard let places else { return }
    guard fields.indices.contains(places.value), places.time.map(fields.indices.contains) ?? true else {
      throw Problem.field("line \(number)", "A line is too short", "It has \(fields.count) columns.")
    }
    let text = fields[places.value]
    if Self.missing.contains(text.lowercased()) {
      values.append(nil)
    } else if let value = Double(text), value.isFinite {
      values.append(value)
    } else {
      throw Problem.field("line \(number)", "A value is no number", "“\(text.prefix(40))” has to be one, or empty.")
    }
    if let time = places.time {
      // Kept until the end, so that a line of spaces for each of them would fill memory.
      guard fields[time].utf8.count <= ForecastLimits.timestamp else {
        throw Problem.field("line \(number)", "A timestamp can't be read", "It has \(fields[time].utf8.count) bytes.")
      }
      times.append(Double(fields[time]).map { .number($0) } ?? .text(fields[time]))
    }
    // Dropped in large pieces, since each moves all that stays.
    if values.count >= 2 * ForecastLimits.csvValues {
      let extra = values.count - ForecastLimits.csvValues
      values.removeFirst(extra)
      if !times.isEmpty { times.removeFirst(extra) }
      dropped += extra
    }
  }

  /// The line's fields without quotes (RFC 4180) and the spaces around them.
  private func fields() -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    func trimmed() -> String {
      let space = UInt8(ascii: " ")
      let start = field.firstIndex { $0 != space } ?? field.endIndex
      let end = field.lastIndex { $0 != space }.map { $0 + 1 } ?? start
      return String(decoding: field[start..<end], as: UTF8.self)
    }
    for byte in line {
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if byte == delimiter, !isQuoted {
        fields.append(trimmed())
        field.removeAll()
      } else {
        field.append(byte)
      }
    }
    fields.append(trimmed())
    return fields
  }
}
