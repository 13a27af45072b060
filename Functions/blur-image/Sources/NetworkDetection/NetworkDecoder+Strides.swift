internal import Glibc
internal import ObjectDetection

extension NetworkDecoder {
  /// The outputs of one stride.
  private struct Head {
    var stride: Int
    var scores: [[Float]]
    var boxes: [Float]
  }

  private static let strides = [8, 16, 32]

  /// YuNet's and SCRFD's: one head for each stride, cells row by row, anchors of a cell one after the other.
  func strided(
    _ outputs: [NetworkTensor], _ thresholds: [ObjectKind: Float]
  ) throws(DetectionError) -> [NetworkBox] {
    guard let threshold = thresholds[.face] else { return [] }
    let (heads, anchors) = try heads(outputs)
    var found: [NetworkBox] = []
    for head in heads {
      let across = width / head.stride
      for place in 0..<(head.boxes.count / 4) {
        let score = try layout == .yunet ? pairScore(head, place) : score(head.scores[0][place])
        guard score >= threshold else { continue }
        let cell = place / anchors
        let (column, row) = (Float(cell % across), Float(cell / across))
        let box = head.boxes[(place * 4)..<(place * 4 + 4)].map { $0 }
        try add(faceBox(box, column, row, Float(head.stride), score), to: &found)
      }
    }
    return found
  }

  /// How sure it is that there is anything, and that it is a face.
  private func pairScore(_ head: Head, _ place: Int) throws(DetectionError) -> Float {
    (try score(head.scores[0][place]) * (try score(head.scores[1][place]))).squareRoot()
  }

  private func faceBox(
    _ box: [Float], _ column: Float, _ row: Float, _ stride: Float, _ score: Float
  ) -> NetworkBox {
    guard layout == .yunet else {
      // Distances from the cell's corner.
      return NetworkBox(
        .face, score, left: (column - box[0]) * stride, top: (row - box[1]) * stride,
        right: (column + box[2]) * stride, bottom: (row + box[3]) * stride)
    }
    let (x, y) = ((column + box[0]) * stride, (row + box[1]) * stride)
    let (halfWidth, halfHeight) = (exp(box[2]) * stride / 2, exp(box[3]) * stride / 2)
    return NetworkBox(
      .face, score, left: x - halfWidth, top: y - halfHeight, right: x + halfWidth, bottom: y + halfHeight)
  }

  /// Which output belongs to which stride is seen from how many numbers it has, so their order and names do not matter.
  private func heads(_ outputs: [NetworkTensor]) throws(DetectionError) -> (heads: [Head], anchors: Int) {
    guard width.isMultiple(of: 32), height.isMultiple(of: 32) else { throw unfit(outputs) }
    let cells = width / 8 * (height / 8)
    let most = outputs.filter { $0.shape.last == 4 }.map { $0.values.count / 4 }.max() ?? 0
    let anchors = most / cells
    guard most == anchors * cells, layout == .yunet ? anchors == 1 : (1...2).contains(anchors) else {
      throw unfit(outputs)
    }
    var heads: [Head] = []
    for stride in Self.strides {
      let places = width / stride * (height / stride) * anchors
      func values(_ columns: Int) -> [[Float]] {
        outputs.filter { $0.shape.last == columns && $0.values.count == places * columns }.map(\.values)
      }
      let (scores, boxes) = (values(1), values(4))
      guard scores.count == (layout == .yunet ? 2 : 1), boxes.count == 1 else { throw unfit(outputs) }
      heads.append(Head(stride: stride, scores: scores, boxes: boxes[0]))
    }
    return (heads, anchors)
  }
}
