internal import ImageCodecs
internal import ImageModel
internal import ImageRedaction
internal import ObjectDetection

/// What became of one image.
struct ImageResult: Sendable {
  var width: Int
  var height: Int
  var detections: [Detection]
  var timings: Timings
  /// The image that goes out; nil if only boxes were asked for.
  var encoded: (format: ImageFormat, bytes: [UInt8])?

  func count(_ kind: ObjectKind) -> Int { detections.filter { $0.kind == kind }.count }

  func report(_ options: BlurOptions) -> ImageReport {
    let objects = detections.map {
      ImageReport.Object(
        kind: $0.kind.rawValue, x: $0.box.x, y: $0.box.y, width: $0.box.width, height: $0.box.height, score: $0.score)
    }
    let notes = options.notes
    return ImageReport(
      width: width, height: height, detector: options.detector.rawValue, objects: objects, milliseconds: timings,
      notes: notes.isEmpty ? nil : notes, style: encoded.map { _ in options.draw ? "draw" : options.style.rawValue },
      format: encoded?.format.mediaType, image: encoded.map { Base64.encode($0.bytes) })
  }
}

extension BlurOptions {
  /// What these options can't promise.
  var notes: [String] {
    var notes: [String] = []
    if detector != .onnx {
      notes.append("\(detector.rawValue) misses tilted, turned and covered faces: it is not privacy-grade")
    }
    if mode == .blur, draw {
      notes.append("boxes are drawn, nothing is hidden")
    } else if mode == .blur, !style.resistsMatching {
      notes.append("\(style.rawValue) is for looks: who has photographs to compare with can tell who it is")
    }
    return notes
  }
}
