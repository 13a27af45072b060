internal import ObjectDetection

extension NetworkDecoder {
  /// Centre, width and height in pixels, perhaps how sure it is that there is anything, classes, and points.
  func yolo(
    _ outputs: [NetworkTensor], _ thresholds: [ObjectKind: Float]
  ) throws(DetectionError) -> [NetworkBox] {
    guard outputs.count == 1, outputs[0].inner.count == 2 else { throw unfit(outputs) }
    let (output, inner) = (outputs[0].values, outputs[0].inner)
    let isAcross = layout == .yolov8
    let (rows, places) = isAcross ? (inner[0], inner[1]) : (inner[1], inner[0])
    let front = layout == .yolov8 ? 4 : layout == .yolov5 ? 5 : 15
    guard rows > front, let kinds = classes.kinds(ofRows: rows - front) else { throw unfit(outputs) }
    if layout == .yolov5Face, kinds.count != rows - front { throw unfit(outputs) }
    let (step, next) = isAcross ? (places, 1) : (1, rows)
    var found: [NetworkBox] = []
    for place in 0..<places {
      let start = place * next
      let presence = isAcross ? 1 : try score(output[start + 4 * step])
      let surest = try surest(kinds, thresholds) { index throws(DetectionError) in
        presence * (try score(output[start + (front + index) * step]))
      }
      for (kind, score) in surest {
        let (x, y) = (output[start], output[start + step])
        let (halfWidth, halfHeight) = (output[start + 2 * step] / 2, output[start + 3 * step] / 2)
        let box = NetworkBox(
          kind, score, left: x - halfWidth, top: y - halfHeight, right: x + halfWidth, bottom: y + halfHeight)
        try add(box, to: &found)
      }
    }
    return found
  }
}
