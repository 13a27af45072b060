/// What the headers before an entry say about it: its path and size, where ustar's own fields are too narrow.
struct TarPreface {
  var path: [UInt8]?
  var byteCount: UInt64?
  var hasRecords = false
  var hasLongName = false

  var isEmpty: Bool { !hasRecords && !hasLongName }

  /// GNU's `L`: the path, and a zero after it.
  mutating func takeLongName(_ bytes: [UInt8]) throws(TarError.Reason) {
    hasLongName = true
    guard path == nil else { throw .badExtension("names the entry twice") }
    path = bytes.last == 0 ? Array(bytes.dropLast()) : bytes
  }

  /// Records `LENGTH KEY=VALUE\n` (POSIX.1-2017, pax, "pax Extended Header"). Other keys are passed over.
  mutating func takeRecords(_ bytes: [UInt8], isGlobal: Bool) throws(TarError.Reason) {
    hasRecords = hasRecords || !isGlobal
    var rest = bytes[...]
    while !rest.isEmpty {
      let record = try Self.firstRecord(of: rest)
      rest = rest[record.end...]
      if record.key.starts(with: "GNU.sparse.".utf8) { throw .kind(.sparse) }
      let isPath = record.key.elementsEqual("path".utf8)
      guard isPath || record.key.elementsEqual("size".utf8) else { continue }
      guard !isGlobal else { throw .badExtension("gives all entries one path or size") }
      if isPath {
        guard path == nil else { throw .badExtension("names the entry twice") }
        path = Array(record.value)
      } else {
        guard byteCount == nil else { throw .badExtension("gives two sizes") }
        byteCount = try Self.decimal(record.value)
      }
    }
  }

  private struct Record {
    var key: ArraySlice<UInt8>
    var value: ArraySlice<UInt8>
    var end: Int
  }

  private static func firstRecord(of bytes: ArraySlice<UInt8>) throws(TarError.Reason) -> Record {
    let digits = bytes.prefix { $0 != UInt8(ascii: " ") }
    guard digits.first != UInt8(ascii: "0"), let length = try? decimal(digits), length > digits.count + 1,
      length <= bytes.count
    else { throw .badExtension("has a record of no readable length") }
    let end = bytes.startIndex + Int(length)
    let content = bytes[(digits.endIndex + 1)..<(end - 1)]
    guard bytes[end - 1] == UInt8(ascii: "\n"), let equals = content.firstIndex(of: UInt8(ascii: "=")) else {
      throw .badExtension("has a record that is not KEY=VALUE")
    }
    return Record(key: content[..<equals], value: content[(equals + 1)...], end: end)
  }

  /// 18 digits at most, which fit.
  private static func decimal(_ digits: ArraySlice<UInt8>) throws(TarError.Reason) -> UInt64 {
    guard (1...18).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw .badNumber(field: "size")
    }
    return digits.reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
  }
}
