internal import ImageCodecs
package import ImageRedaction
package import ObjectDetection

/// What a call asks for. docs/guides/blur-image.md has the table.
package struct BlurOptions: Sendable, Equatable {
  package static let names = [
    "mode", "objects", "style", "strength", "grow", "shape", "detector", "threshold", "format", "quality", "draw",
  ]

  package var mode = BlurMode.blur
  package var objects: Set<ObjectKind> = [.face, .plate]
  package var style = RedactionStyle.secure
  package var strength = Redaction.strengthDefault
  package var grow = 1.3
  package var shape = RedactionShape.box
  package var detector = DetectorChoice.fast
  /// As given, for those kinds for which it is.
  package var threshold: [ObjectKind: Double] = [:]
  package var format = OutputFormat.same
  package var quality = ImageEncoder.qualityDefault
  package var draw = false

  private var given: Set<String> = []

  package init() {}

  /// Sets one option from its text, and once: of two values nobody knows which one the caller relies on.
  package mutating func set(_ name: String, _ text: String) throws(OptionError) {
    guard given.insert(name).inserted else {
      throw OptionError(field: name, value: text, limit: "one value: it was given before")
    }
    let value = OptionText(field: name, text)
    switch name {
    case "mode": mode = try value.oneOf(BlurMode.self)
    case "objects": objects = try value.objects()
    case "style": style = try value.oneOf(RedactionStyle.self)
    case "strength": strength = try value.whole(Redaction.strengths)
    case "grow": grow = try value.number(1...3)
    case "shape": shape = try value.oneOf(RedactionShape.self)
    case "detector": detector = try value.oneOf(DetectorChoice.self)
    case "threshold": threshold = try value.thresholds()
    case "format": format = try value.oneOf(OutputFormat.self)
    case "quality": quality = try value.whole(1...100)
    case "draw": draw = try value.flag()
    default:
      throw .unknown(name, text)
    }
  }

  /// Sets those that a query has; nothing that is there may be misspelt.
  package mutating func read(query: String) throws(OptionError) {
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let (rawName, rawValue) = (parts[0], parts.count > 1 ? parts[1] : "")
      guard let name = FormText.decode(rawName) else { throw .unknown(String(rawName), String(rawValue)) }
      guard let value = FormText.decode(rawValue) else {
        guard Self.names.contains(name) else { throw .unknown(name, String(rawValue)) }
        throw OptionError(field: name, value: String(rawValue), limit: "percent-encoded UTF-8")
      }
      try set(name, value)
    }
  }

  /// What can't be together.
  package func check() throws(OptionError) {
    if let kind = threshold.keys.first(where: { !objects.contains($0) }) {
      throw OptionError(field: "threshold", value: "\(kind.rawValue)s", limit: "kinds that objects names")
    }
    let most: Double = detector == .onnx ? 1 : 50
    for (kind, value) in threshold where value > most || (detector != .onnx && value != value.rounded()) {
      let limit = detector == .onnx ? "0 to 1 for onnx" : "a whole number from 0 to 50 for \(detector.rawValue)"
      throw OptionError(field: "threshold", value: "\(kind.rawValue)s:\(OptionText.plain(value))", limit: limit)
    }
  }
}
