/// How a picture is to be given to a network, and from when on it counts as sure.
package struct NetworkSight: Sendable, Equatable {
  /// What two networks find in the same place is one object.
  package static let overlapOfNetworks = 0.6

  /// Red, green and blue from the first plane on; otherwise the other way round.
  package var isRGB = true
  /// Taken away from values of 0 to 255, before they are divided by `deviation`.
  package var mean: Float = 0
  package var deviation: Float = 255
  /// The value beside the picture, of 0 to 255.
  package var fill: Float = 114
  /// In the middle of what the network sees; otherwise at the top left.
  package var isCentred = true
  /// 0 to 1.
  package var threshold: Float = 0.25
  /// Of two boxes that share more than this part of what they cover, the surer one is kept.
  package var overlap: Float = 0.45

  /// As those who publish networks of this layout train them.
  package init(_ layout: NetworkLayout) {
    switch layout {
    case .yolov8, .yolov5, .yolov5Face: break
    case .yunet:
      (isRGB, deviation, fill, isCentred, threshold, overlap) = (false, 1, 0, false, 0.5, 0.3)
    case .scrfd:
      (mean, deviation, fill, isCentred, threshold, overlap) = (127.5, 128, 0, false, 0.5, 0.4)
    }
  }
}
