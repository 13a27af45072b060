import ApusJSON

/// As much of JSON Schema 2020-12 as the function's description of itself uses. Objects that list their members have no
/// others here, so that what is answered and not described is found, too.
struct Schema {
  let root: ApusJSON.JSON

  /// What stands there, or what it refers to; nil if that leads nowhere.
  func resolved(_ place: ApusJSON.JSON?) -> ApusJSON.JSON? {
    guard let reference = place?["$ref"]?.stringValue else { return place }
    let names = reference.split(separator: "/", omittingEmptySubsequences: false)
    guard names.first == "#" else { return nil }
    return resolved(names.dropFirst().reduce(Optional(root)) { $0?[String($1)] })
  }

  func faults(_ value: ApusJSON.JSON, _ schema: ApusJSON.JSON, at path: String = "$") -> [String] {
    if schema["$ref"] != nil {
      return resolved(schema).map { faults(value, $0, at: path) } ?? ["\(path): \(schema) leads nowhere"]
    }
    if let choices = schema["oneOf"]?.arrayValue {
      let found = choices.map { faults(value, $0, at: path) }
      let fitting = found.count { $0.isEmpty }
      if fitting == 1 { return [] }
      return ["\(path): \(fitting) of \(choices.count) choices fit"] + (found.min { $0.count < $1.count } ?? [])
    }
    let types = schema["type"]?.arrayValue?.compactMap(\.stringValue) ?? schema["type"]?.stringValue.map { [$0] } ?? []
    guard types.isEmpty || types.contains(where: { Self.matches(value, $0) }) else {
      return ["\(path): is no \(types.joined(separator: " or "))"]
    }
    if let elements = value.arrayValue {
      guard let inner = schema["items"] else { return [] }
      return elements.enumerated().flatMap { faults($1, inner, at: "\(path)[\($0)]") }
    }
    return value.objectValue.map { members($0, schema, path) } ?? []
  }

  private func members(_ members: [(key: String, value: ApusJSON.JSON)], _ schema: ApusJSON.JSON, _ path: String)
    -> [String]
  {
    let required = schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
    let missing = required.filter { name in !members.contains { $0.key == name } }
    return missing.map { "\(path): lacks \($0)" }
      + members.flatMap { name, value -> [String] in
        if let inner = schema["properties"]?[name] ?? Self.pattern(name, schema) {
          return faults(value, inner, at: "\(path).\(name)")
        }
        if let inner = schema["additionalProperties"] { return faults(value, inner, at: "\(path).\(name)") }
        return schema["properties"] == nil ? [] : ["\(path).\(name): is not described"]
      }
  }

  /// Patterns are a word and the digits of a level: `^lo[0-9]{1,2}$`, `^(lo|hi)[0-9]{1,2}$`.
  private static func pattern(_ name: String, _ schema: ApusJSON.JSON) -> ApusJSON.JSON? {
    let word = name.prefix { $0.isLetter }
    guard !word.isEmpty, word.count < name.count, name.dropFirst(word.count).allSatisfy(\.isNumber) else { return nil }
    return schema["patternProperties"]?.objectValue?.first { pattern, _ in
      pattern.split(whereSeparator: { !$0.isLetter }).contains { $0 == word }
    }?.value
  }

  private static func matches(_ value: ApusJSON.JSON, _ type: String) -> Bool {
    switch type {
    case "object": value.objectValue != nil
    case "array": value.arrayValue != nil
    case "string": value.stringValue != nil
    case "integer": value.integerValue != nil
    case "number": value.doubleValue != nil
    case "boolean": value == true || value == false
    case "null": value == .null
    default: false
    }
  }
}
