package import ObjectDetection

/// Reads what a network of a known layout gives. Whatever the numbers are, there are boxes or an error.
package struct NetworkDecoder: Sendable {
  package let layout: NetworkLayout
  package let classes: NetworkClasses
  /// What the network sees, in pixels.
  package let width: Int
  package let height: Int

  package init(_ layout: NetworkLayout, _ classes: NetworkClasses, width: Int, height: Int) {
    self.layout = layout
    self.classes = classes
    self.width = width
    self.height = height
  }

  /// All boxes of the kinds that have a threshold and reach it.
  package func boxes(
    _ outputs: [NetworkTensor], atLeast thresholds: [ObjectKind: Float]
  ) throws(DetectionError) -> [NetworkBox] {
    for output in outputs {
      guard output.isWhole else { throw unfit(outputs) }
    }
    switch layout {
    case .yolov8, .yolov5, .yolov5Face: return try yolo(outputs, thresholds)
    case .yunet, .scrfd: return try strided(outputs, thresholds)
    }
  }

  func unfit(_ outputs: [NetworkTensor]) -> DetectionError {
    let shapes = outputs.map(\.sides).joined(separator: ", ")
    return .unavailable("its output (\(shapes)) is none of \(layout.rawValue)'s for \(width) × \(height) pixels")
  }

  /// A score as it has to be; whatever is a little beside that is rounding.
  func score(_ value: Float) throws(DetectionError) -> Float {
    guard value >= -0.01, value <= 1.01 else {
      throw .unavailable(
        "it gives a score of \(value), and scores are 0 to 1: this is not how its output is to be read")
    }
    return min(max(value, 0), 1)
  }

  func add(_ box: NetworkBox, to found: inout [NetworkBox]) throws(DetectionError) {
    guard [box.left, box.top, box.right, box.bottom].allSatisfy(\.isFinite), box.left <= box.right,
      box.top <= box.bottom
    else { throw .unavailable("it gives a box whose sides are no numbers, or negative") }
    guard found.count < NetworkLimits.candidates else { throw .tooManyCandidates(limit: NetworkLimits.candidates) }
    found.append(box)
  }

  /// Of the classes of each kind the surest: a plate that looks like a face, too, is both.
  func surest(
    _ kinds: [ObjectKind?], _ thresholds: [ObjectKind: Float], _ value: (Int) throws(DetectionError) -> Float
  ) throws(DetectionError) -> [(kind: ObjectKind, score: Float)] {
    var found: [(kind: ObjectKind, score: Float)] = []
    for (index, kind) in kinds.enumerated() {
      guard let kind, let threshold = thresholds[kind] else { continue }
      let score = try value(index)
      guard score >= threshold else { continue }
      if let at = found.firstIndex(where: { $0.kind == kind }) {
        found[at].score = max(found[at].score, score)
      } else {
        found.append((kind, score))
      }
    }
    return found
  }
}
