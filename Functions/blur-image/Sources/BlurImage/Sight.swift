internal import ObjectDetection

/// In what size a detector saw an image.
struct Sight: Sendable {
  var width: Int
  var height: Int
  /// Pixels of the image, along a side, in one of what was seen.
  var factor: Double

  init(width: Int, height: Int, of image: (width: Int, height: Int)) {
    self.width = width
    self.height = height
    factor = max(Double(image.width) / Double(width), Double(image.height) / Double(height))
  }

  /// What the caller has to know of it.
  func note(_ options: BlurOptions) -> String {
    let size = "searched at \(width) x \(height) pixels"
    guard options.detector != .onnx else { return "\(size): what is too small there is missed" }
    let least = ObjectKind.allCases.filter(options.objects.contains).map { kind in
      let pixels = Int((Double(CascadeDetector.smallest(kind)) * factor).rounded(.up))
      return "\(kind.rawValue)s narrower than \(pixels)"
    }
    return "\(size): \(least.joined(separator: " and ")) pixels of the image were not looked for"
  }
}
