/// How a network says what it has found.
package enum NetworkLayout: String, Sendable, CaseIterable {
  /// 1 × (4 + classes + points) × N: centre, width and height, and for each class how sure it is.
  case yolov8
  /// 1 × N × (5 + classes): the same, with how sure it is that there is anything at all.
  case yolov5
  /// 1 × N × (5 + points + classes): as YOLOv5, with the points in the midst.
  case yolov5Face = "yolov5-face"
  /// For each of three strides: two scores, a box relative to its cell, and points.
  case yunet
  /// For each of three strides: a score, the distances of a box's sides from its anchor, and points.
  case scrfd

  /// By the shapes that came out; nil if it is none of these.
  init?(shapes outputs: [NetworkTensor], looksForFaces: Bool) {
    if outputs.count == 1 {
      let inner = outputs[0].inner
      guard inner.count == 2, min(inner[0], inner[1]) >= 5, inner[0] != inner[1] else { return nil }
      if inner[0] < inner[1] {
        self = .yolov8
      } else {
        // Five points of two numbers, and one class; as eleven classes of faces it would make no sense.
        self = inner[1] == 16 && looksForFaces ? .yolov5Face : .yolov5
      }
      return
    }
    let last = outputs.map { $0.shape.last ?? 0 }
    func count(_ width: Int) -> Int { last.filter { $0 == width }.count }
    switch (outputs.count, count(1), count(4), count(10)) {
    case (9, 6, 3, 0), (12, 6, 3, 3): self = .yunet
    case (6, 3, 3, 0), (9, 3, 3, 3): self = .scrfd
    default: return nil
    }
  }

  /// Whether it finds faces by its nature, and nothing else.
  var isForFaces: Bool { self == .yunet || self == .scrfd }
}
