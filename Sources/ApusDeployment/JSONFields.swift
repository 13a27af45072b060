package import ApusJSON

/// The members of a JSON object, read one by one; whatever has the wrong type is a problem with its path.
///
/// `null` is as good as absent everywhere: Go writes it for maps and lists that were never made.
package struct JSONFields {
  package let path: FieldPath
  private let members: [(key: String, value: JSON)]

  /// Anything but an object is a problem, and has no members.
  package init(_ json: JSON, at path: FieldPath = FieldPath(), problems: inout [DeploymentProblem]) {
    self.path = path
    members = json.objectValue ?? []
    guard json.objectValue == nil, !json.isNull else { return }
    problems.append(Self.mismatch("an object", json, at: path))
  }

  private subscript(_ key: String) -> JSON? {
    // Not `flatMap`: JSON is a nil literal too, so nil could mean a null that is there.
    guard let value = members.first(where: { $0.key == key })?.value, !value.isNull else { return nil }
    return value
  }

  package func text(_ key: String, _ problems: inout [DeploymentProblem]) -> String? {
    guard let value = self[key] else { return nil }
    if let text = value.stringValue { return text }
    problems.append(Self.mismatch("text", value, at: path.key(key)))
    return nil
  }

  /// False where there is none.
  package func flag(_ key: String, _ problems: inout [DeploymentProblem]) -> Bool {
    guard let value = self[key] else { return false }
    if let flag = value.boolValue { return flag }
    problems.append(Self.mismatch("true or false", value, at: path.key(key)))
    return false
  }

  /// The items with their places, which a later check may want to name.
  package func texts(_ key: String, _ problems: inout [DeploymentProblem]) -> [(path: FieldPath, text: String)] {
    guard let value = self[key] else { return [] }
    let path = path.key(key)
    guard let items = value.arrayValue else {
      problems.append(Self.mismatch("a list", value, at: path))
      return []
    }
    return items.enumerated().compactMap { index, item in
      if let text = item.stringValue { return (path.index(index), text) }
      problems.append(Self.mismatch("text", item, at: path.index(index)))
      return nil
    }
  }

  /// A `null` value is empty text, as a Go server reads it.
  package func map(_ key: String, _ problems: inout [DeploymentProblem]) -> [String: String] {
    guard let value = self[key] else { return [:] }
    let path = path.key(key)
    guard let members = value.objectValue else {
      problems.append(Self.mismatch("an object", value, at: path))
      return [:]
    }
    var map: [String: String] = [:]
    for (key, value) in members {
      if let text = value.isNull ? "" : value.stringValue {
        map[key] = text
      } else {
        problems.append(Self.mismatch("text", value, at: path.key(key)))
      }
    }
    return map
  }

  package func object(_ key: String, _ problems: inout [DeploymentProblem]) -> JSONFields {
    JSONFields(self[key] ?? .null, at: path.key(key), problems: &problems)
  }

  private static func mismatch(_ expected: String, _ found: JSON, at path: FieldPath) -> DeploymentProblem {
    let quotes = expected == "text" && (found.boolValue != nil || found.doubleValue != nil)
    let advice = quotes ? "put it in quotes" : "send \(expected), or leave it out"
    return DeploymentProblem(.error, path, "\(kind(found)) stands where \(expected) is expected; \(advice)")
  }

  private static func kind(_ json: JSON) -> String {
    switch json {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer, .number: "a number"
    case .string: "text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
