internal import ImageCodecs
internal import ImageModel
internal import ImageRedaction
internal import ObjectDetection

/// What became of one image.
struct ImageResult: Sendable {
  var width: Int
  var height: Int
  var detections: [Detection]
  var sight: Sight
  var timings: Timings
  /// What the caller calls it, if it is one of several.
  var file: String?
  /// The image that goes out; nil if only boxes were asked for.
  var encoded: (format: ImageFormat, bytes: [UInt8])?

  func count(_ kind: ObjectKind) -> Int { detections.filter { $0.kind == kind }.count }

  func report(_ options: BlurOptions) -> ImageReport {
    let objects = detections.map {
      ImageReport.Object(
        kind: $0.kind.rawValue, x: $0.box.x, y: $0.box.y, width: $0.box.width, height: $0.box.height, score: $0.score)
    }
    return ImageReport(
      file: file, width: width, height: height, detector: options.detector.rawValue, objects: objects,
      milliseconds: timings,
      notes: options.notes + [sight.note(options)],
      style: encoded.map { _ in options.draw ? "draw" : options.style.rawValue },
      format: encoded?.format.mediaType, image: encoded.map { Base64.encode($0.bytes) })
  }
}

extension BlurOptions {
  /// What these options can't promise.
  var notes: [String] {
    var notes: [String] = []
    if objects.contains(.face) {
      switch detector {
      case .fast: notes.append("fast misses tilted, turned and covered faces: it is not privacy-grade")
      case .thorough:
        notes.append("thorough misses covered faces, and some that are tilted or turned: it is not privacy-grade")
      case .onnx: break
      }
    }
    if objects.contains(.plate), detector != .onnx {
      notes.append("\(detector.rawValue) misses plates that are turned, dirty or not of a long form")
    }
    for kind in ObjectKind.allCases where detector != .onnx {
      guard let asked = threshold[kind], let usual = CascadeDetector.leastDefaults[kind], asked > Double(usual) else {
        continue
      }
      notes.append("a threshold of \(Int(asked)) misses more \(kind.rawValue)s than the usual \(usual)")
    }
    if mode == .blur, draw {
      notes.append("boxes are drawn, nothing is hidden")
    } else if mode == .blur, !style.resistsMatching {
      notes.append("\(style.rawValue) is for looks: who has photographs to compare with can tell who it is")
    }
    return notes
  }
}
