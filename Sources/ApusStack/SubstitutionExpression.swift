/// One `${…}`, read and evaluated from the left to the right.
struct SubstitutionExpression {
  private let source: [UInt8]
  private let variables: [String: String]
  private let limits: StackLimits
  private let depth: Int
  /// Behind what has been read.
  private(set) var index: Int
  private(set) var missing: [String] = []

  /// `index` is where `${` stands.
  init(_ source: [UInt8], at index: Int, variables: [String: String], limits: StackLimits, depth: Int = 1) {
    self.source = source
    self.variables = variables
    self.limits = limits
    self.depth = depth
    self.index = index + 2
  }

  private var byte: UInt8? { index < source.count ? source[index] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard byte == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  mutating func value() throws(SubstitutionError) -> String {
    guard depth <= limits.substitutionDepth else { throw .tooDeep(limit: limits.substitutionDepth) }
    if take("#") {
      let count = variable(try name()).unicodeScalars.count
      try close()
      return "\(count)"
    }
    let name = try name()
    guard let operation = byte else { throw .unclosed }
    switch operation {
    case UInt8(ascii: "}"):
      index += 1
      return variable(name)
    case UInt8(ascii: "="):
      index += 1
      return try valueOrDefault(name)
    case UInt8(ascii: ":"):
      index += 1
      if take("-") || take("=") { return try valueOrDefault(name) }
      if byte == UInt8(ascii: "?") || byte == UInt8(ascii: "+") { throw .unknownForm(rest(from: index - 1)) }
      return try part(name)
    case UInt8(ascii: "^"), UInt8(ascii: ","):
      return try changedCase(name)
    case UInt8(ascii: "/"):
      index += 1
      return try replaced(name)
    case UInt8(ascii: "#"), UInt8(ascii: "%"):
      return try trimmed(name)
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      throw .unclosed
    default:
      throw .unknownForm(rest(from: index))
    }
  }

  /// What stands behind a name up to the brace or the line's end, for a message.
  private func rest(from start: Int) -> String {
    let end = source[start...].firstIndex { $0 == UInt8(ascii: "}") || $0 == UInt8(ascii: "\n") } ?? source.count
    return String(decoding: source[start..<end], as: UTF8.self)
  }

  private mutating func name() throws(SubstitutionError) -> String {
    let name = source[index...].prefix { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
      default: false
      }
    }
    guard !name.isEmpty else { throw byte == nil ? .unclosed : .missingName }
    index = name.endIndex
    return String(decoding: name, as: UTF8.self)
  }

  private mutating func variable(_ name: String) -> String {
    if let value = variables[name] { return value }
    missing.append(name)
    return ""
  }

  private mutating func close() throws(SubstitutionError) {
    guard byte != nil else { throw .unclosed }
    guard take("}") else { throw .unknownForm(rest(from: index)) }
  }

  private mutating func valueOrDefault(_ name: String) throws(SubstitutionError) -> String {
    // The default is read in any case, to find its end and its mistakes; what it misses matters only if it is used.
    let missingBefore = missing
    let fallback = try argument(until: [])
    try close()
    guard let value = variables[name], !value.isEmpty else { return fallback }
    missing = missingBefore
    return value
  }

  private mutating func part(_ name: String) throws(SubstitutionError) -> String {
    let value = Array(variable(name).unicodeScalars)
    let start = try number(try argument(until: [UInt8(ascii: ":")]))
    let length = take(":") ? try number(try argument(until: [])) : Int.max
    try close()
    return Self.text(value.dropFirst(start).prefix(length))
  }

  private func number(_ text: String) throws(SubstitutionError) -> Int {
    guard let number = Int(text), number >= 0 else { throw .notANumber(text) }
    return number
  }

  private mutating func changedCase(_ name: String) throws(SubstitutionError) -> String {
    let value = variable(name)
    let isUpper = take("^")
    if !isUpper { index += 1 }
    let isWhole = take(isUpper ? "^" : ",")
    try close()
    let head = isWhole ? value : String(value.prefix(1))
    return (isUpper ? head.uppercased() : head.lowercased()) + value.dropFirst(isWhole ? value.count : 1)
  }

  private mutating func replaced(_ name: String) throws(SubstitutionError) -> String {
    let value = variable(name)
    let place: TextReplacement.Place = take("/") ? .everywhere : take("#") ? .prefix : take("%") ? .suffix : .first
    let text = try argument(until: [UInt8(ascii: "/")], isEscaped: true)
    guard byte != nil else { throw .unclosed }
    guard take("/") else { throw .missingPart("the replacement") }
    let replacement = try argument(until: [], isEscaped: true)
    try close()
    let change = TextReplacement(of: text, by: replacement, place)
    guard let result = change.applied(to: value, limit: limits.substitutedBytes) else {
      throw .tooLong(limit: limits.substitutedBytes)
    }
    return result
  }

  private mutating func trimmed(_ name: String) throws(SubstitutionError) -> String {
    let value = Array(variable(name).unicodeScalars)
    let isPrefix = take("#")
    if !isPrefix { index += 1 }
    let isLongest = take(isPrefix ? "#" : "%")
    let pattern = GlobPattern(try argument(until: []))
    try close()
    if isPrefix {
      return Self.text(value.dropFirst(pattern.matchLength(in: value, isLongest: isLongest)))
    }
    let length = pattern.reversed.matchLength(in: value.reversed(), isLongest: isLongest)
    return Self.text(value.dropLast(length))
  }

  /// Text and expressions up to a closing brace or one of `ends`, neither of which is taken.
  private mutating func argument(until ends: [UInt8], isEscaped: Bool = false) throws(SubstitutionError) -> String {
    var text: [UInt8] = []
    while let byte, byte != UInt8(ascii: "}"), !ends.contains(byte) {
      let next = index + 1 < source.count ? source[index + 1] : nil
      switch (byte, next) {
      case (UInt8(ascii: "$"), UInt8(ascii: "{")):
        var inner = SubstitutionExpression(
          source, at: index, variables: variables, limits: limits, depth: depth + 1)
        text += Array(try inner.value().utf8)
        missing += inner.missing
        index = inner.index
      case (UInt8(ascii: "\\"), UInt8(ascii: "/")?) where isEscaped,
        (UInt8(ascii: "\\"), UInt8(ascii: "\\")?) where isEscaped,
        (UInt8(ascii: "$"), UInt8(ascii: "$")?) where isEscaped:
        text.append(next ?? byte)
        index += 2
      default:
        text.append(byte)
        index += 1
      }
      guard text.count <= limits.substitutedBytes else { throw .tooLong(limit: limits.substitutedBytes) }
    }
    guard byte != nil else { throw .unclosed }
    return String(decoding: text, as: UTF8.self)
  }

  private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }
}
