internal import ApusJSON
package import ObjectDetection

/// What the JSON beside a network says of it; what it does not say is seen from shapes and names.
package struct NetworkDescription: Sendable, Equatable {
  package var layout: NetworkLayout?
  package var classes: [ObjectKind?]?
  package var width: Int?
  package var height: Int?
  package var isRGB: Bool?
  package var isCentred: Bool?
  package var mean: Float?
  package var deviation: Float?
  package var fill: Float?
  package var threshold: Float?
  package var overlap: Float?

  package init() {}

  /// A member that is not known is an error: a threshold that is misspelt would be none.
  package init(_ bytes: [UInt8]) throws(DetectionError) {
    let document: JSON
    do throws(JSONError) {
      document = try JSON.parse(bytes)
    } catch {
      throw .unavailable("its JSON can't be read: \(error)")
    }
    guard let members = document.objectValue else { throw .unavailable("its JSON has to be one object") }
    for (name, value) in members { try set(name, value) }
  }

  private mutating func set(_ name: String, _ value: JSON) throws(DetectionError) {
    switch name {
    case "layout": layout = try Self.oneOf(NetworkLayout.self, name, value)
    case "classes": classes = try Self.classes(value)
    case "width": width = try Self.side(name, value)
    case "height": height = try Self.side(name, value)
    case "colours": isRGB = try Self.choice(name, value, yes: "rgb", no: "bgr")
    case "place": isCentred = try Self.choice(name, value, yes: "middle", no: "corner")
    case "mean": mean = try Self.number(name, value, 0...255)
    case "deviation": deviation = try Self.number(name, value, 0.001...1_000)
    case "fill": fill = try Self.number(name, value, 0...255)
    case "threshold": threshold = try Self.number(name, value, 0...1)
    case "overlap": overlap = try Self.number(name, value, 0...1)
    default:
      throw .unavailable(
        "its JSON has “\(name.prefix(40))”; there are layout, classes, width, height, colours, place, mean, deviation, "
          + "fill, threshold and overlap")
    }
  }

  private static func refusal(_ name: String, _ limit: String) -> DetectionError {
    .unavailable("\(name) in its JSON has to be \(limit)")
  }

  private static func oneOf<Value: CaseIterable & RawRepresentable>(
    _ type: Value.Type, _ name: String, _ value: JSON
  ) throws(DetectionError) -> Value where Value.RawValue == String {
    guard let value = value.stringValue.flatMap(Value.init(rawValue:)) else {
      throw refusal(name, "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return value
  }

  private static func choice(_ name: String, _ value: JSON, yes: String, no: String) throws(DetectionError) -> Bool {
    switch value.stringValue {
    case yes: return true
    case no: return false
    default: throw refusal(name, "\(yes) or \(no)")
    }
  }

  private static func number(
    _ name: String, _ value: JSON, _ range: ClosedRange<Double>
  ) throws(DetectionError) -> Float {
    guard let value = value.doubleValue, range.contains(value) else {
      throw refusal(name, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return Float(value)
  }

  private static func side(_ name: String, _ value: JSON) throws(DetectionError) -> Int {
    guard let value = value.integerValue, (32...Int64(NetworkLimits.side)).contains(value) else {
      throw refusal(name, "a whole number from 32 to \(NetworkLimits.side)")
    }
    return Int(value)
  }

  private static func classes(_ value: JSON) throws(DetectionError) -> [ObjectKind?] {
    let names = value.arrayValue?.map(\.stringValue) ?? []
    let kinds = names.map { name in name.flatMap(ObjectKind.init(rawValue:)) }
    let isRead = zip(names, kinds).allSatisfy { name, kind in kind != nil || name == "other" }
    guard (1...1_000).contains(kinds.count), isRead, kinds.contains(where: { $0 != nil }) else {
      throw refusal("classes", "the network's classes in their order, each as “face”, “plate” or “other”")
    }
    return kinds
  }
}
