import ApusJSON
import Testing

/// What a faas-cli must be able to read from an answer.
enum AnswerShape: Sendable {
  case any
  case empty
  case text(String)
  /// The list, with these names in this order.
  case functions([String])
  case function(String)
  /// One whose status says that calls are answered.
  case readyFunction(String)
  case secrets([String])
  case namespaces([String])
  case namespace(String)
  case info
  /// NDJSON, one line at least.
  case logs(String)

  func verify(_ answer: WireAnswer) throws {
    #expect(answer["content-encoding"] == nil)
    switch self {
    case .any: break
    case .empty: #expect(answer.bytes.isEmpty)
    case .text(let text): #expect(answer.text == text)
    case .functions(let names):
      let list = try Self.array(answer)
      #expect(list.map { $0["name"]?.stringValue } == names)
      for function in list { try Self.verify(function: function) }
    case .function(let name), .readyFunction(let name):
      let function = try Self.object(answer)
      #expect(function["name"]?.stringValue == name)
      try Self.verify(function: function)
      if case .readyFunction = self { #expect(function["availableReplicas"]?.integerValue ?? 0 > 0) }
    case .secrets(let names):
      let list = try Self.array(answer)
      #expect(list.map { $0["name"]?.stringValue } == names)
      #expect(list.allSatisfy { $0["value"] == nil && $0["rawValue"] == nil })
    case .namespaces(let names): #expect(try Self.array(answer).map(\.stringValue) == names)
    case .namespace(let name):
      let namespace = try Self.object(answer)
      #expect(namespace["name"]?.stringValue == name)
      #expect(namespace["labels"]?["openfaas"]?.stringValue == "1")
      #expect(namespace["annotations"]?["openfaas"]?.stringValue == "1")
    case .info: try Self.verify(info: try Self.object(answer))
    case .logs(let name): try Self.verify(logs: answer, of: name)
    }
  }

  private static func array(_ answer: WireAnswer) throws -> [JSON] {
    #expect(answer["content-type"] == "application/json")
    return try #require(try answer.json().arrayValue)
  }

  private static func object(_ answer: WireAnswer) throws -> JSON {
    #expect(answer["content-type"] == "application/json")
    let json = try answer.json()
    try #require(json.objectValue != nil)
    return json
  }

  // MARK: - Members

  private enum Kind {
    case text, count, flag, list, map, resources, time, usage
  }

  /// FunctionStatus of the contract, and four members of our own.
  private static let members: [String: Kind] = [
    "name": .text, "image": .text, "namespace": .text, "envProcess": .text, "envVars": .map, "constraints": .list,
    "secrets": .list, "labels": .map, "annotations": .map, "limits": .resources, "requests": .resources,
    "readOnlyRootFilesystem": .flag, "invocationCount": .count, "replicas": .count, "availableReplicas": .count,
    "createdAt": .time, "usage": .usage, "generation": .count, "rollout": .text, "state": .text, "reason": .text,
  ]

  private static func verify(function: JSON) throws {
    // Go leaves counts of zero out, and reads them all the same.
    for key in ["name", "image", "createdAt", "state", "invocationCount", "replicas", "availableReplicas"] {
      #expect(function[key] != nil, "\(key) is missing")
    }
    for (key, value) in try #require(function.objectValue) {
      let kind = try #require(members[key], "\(key) is not of the contract")
      #expect(isWhole(value, kind), "\(key) is \(value)")
    }
  }

  /// Whether it has the type, and is not empty, which Go leaves out.
  private static func isWhole(_ value: JSON, _ kind: Kind) -> Bool {
    switch kind {
    case .text: value.stringValue?.isEmpty == false
    case .count: value.integerValue ?? -1 >= 0
    case .flag: value.boolValue == true
    case .list: value.arrayValue?.isEmpty == false && value.arrayValue?.allSatisfy { $0.stringValue != nil } == true
    case .map, .resources:
      value.objectValue?.isEmpty == false && value.objectValue?.allSatisfy { $0.value.stringValue != nil } == true
    case .usage:
      value.objectValue?.isEmpty == false
        && value.objectValue?.allSatisfy { ["cpu", "totalMemoryBytes"].contains($0.key) && $0.value.isAboveZero }
          == true
    case .time: isTime(value.stringValue ?? "", fraction: false)
    }
  }

  /// RFC 3339 in UTC.
  private static func isTime(_ text: String, fraction: Bool) -> Bool {
    let form = text.utf8.prefix(19).map { (48...57).contains($0) ? UInt8(ascii: "9") : $0 }
    guard String(decoding: form, as: UTF8.self) == "9999-99-99T99:99:99", text.last == "Z" else { return false }
    let rest = text.utf8.dropFirst(19).dropLast()
    return rest.isEmpty || fraction && rest.first == UInt8(ascii: ".") && rest.dropFirst().allSatisfy { $0 >= 48 }
  }

  private static func verify(info: JSON) throws {
    for version in [info["version"], info["provider"]?["version"]] {
      #expect(version?["sha"]?.stringValue?.isEmpty == false)
      #expect(version?["release"]?.stringValue?.isEmpty == false)
    }
    for key in ["provider", "orchestration"] { #expect(info["provider"]?[key]?.stringValue?.isEmpty == false) }
    #expect(info["arch"]?.stringValue?.isEmpty == false)
  }

  private static func verify(logs answer: WireAnswer, of name: String) throws {
    #expect(answer["content-type"] == "application/x-ndjson")
    let lines = answer.text.split(separator: "\n")
    #expect(!lines.isEmpty)
    for line in lines { try verify(logLine: Array(line.utf8), of: name) }
  }

  /// One object: of these members, all texts, and none besides.
  static func verify(logLine: [UInt8], of name: String) throws {
    let line = try JSON.parse(logLine)
    let keys = try #require(line.objectValue).map(\.key)
    #expect(keys == ["name", "namespace", "instance", "timestamp", "text"])
    #expect(line["name"]?.stringValue == name)
    #expect(line["instance"]?.stringValue?.isEmpty == false)
    #expect(isTime(line["timestamp"]?.stringValue ?? "", fraction: true))
    #expect(line["text"]?.stringValue != nil)
  }
}

extension JSON {
  /// A number, whole or not.
  var isAboveZero: Bool { integerValue.map { $0 > 0 } ?? doubleValue.map { $0 > 0 } ?? false }
}
