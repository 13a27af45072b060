package import ImageModel
package import ObjectDetection

/// Where a picture lies in what a network sees: as large as fits, its sides in proportion.
package struct Letterbox: Sendable, Equatable {
  /// What the network sees.
  package let width: Int
  package let height: Int
  /// The picture in it.
  package let inner: Box
  private let picture: (width: Int, height: Int)

  package init(_ picture: Raster, width: Int, height: Int, isCentred: Bool) {
    let scale = min(Double(width) / Double(picture.width), Double(height) / Double(picture.height))
    let innerWidth = min(width, max(1, Int((Double(picture.width) * scale).rounded())))
    let innerHeight = min(height, max(1, Int((Double(picture.height) * scale).rounded())))
    self.width = width
    self.height = height
    inner = Box(
      x: isCentred ? (width - innerWidth) / 2 : 0, y: isCentred ? (height - innerHeight) / 2 : 0, width: innerWidth,
      height: innerHeight)
    self.picture = (picture.width, picture.height)
  }

  package static func == (one: Letterbox, other: Letterbox) -> Bool {
    one.width == other.width && one.height == other.height && one.inner == other.inner
      && one.picture == other.picture
  }

  /// A box of the network's in the picture's pixels, clipped, outwards to whole ones.
  package func original(_ found: NetworkBox) -> Box {
    let across = Double(picture.width) / Double(inner.width)
    let down = Double(picture.height) / Double(inner.height)
    func place(_ value: Float, _ origin: Int, _ scale: Double, _ most: Int) -> Double {
      min(max((Double(value) - Double(origin)) * scale, 0), Double(most))
    }
    let left = place(found.left, inner.x, across, picture.width).rounded(.down)
    let top = place(found.top, inner.y, down, picture.height).rounded(.down)
    let right = place(found.right, inner.x, across, picture.width).rounded(.up)
    let bottom = place(found.bottom, inner.y, down, picture.height).rounded(.up)
    return Box(x: Int(left), y: Int(top), width: Int(right - left), height: Int(bottom - top))
  }

  /// The three planes that the network sees: each value the mean of what it covers, or between four if that is less
  /// than a pixel.
  package func planes(
    of raster: Raster, _ sight: NetworkSight, deadline: ContinuousClock.Instant
  ) throws(DetectionError) -> [Float] {
    let size = width * height
    let beside = (sight.fill - sight.mean) / sight.deviation
    var planes = [Float](repeating: beside, count: 3 * size)
    let columns = Spans(from: raster.width, to: inner.width)
    let rows = Spans(from: raster.height, to: inner.height)
    var line = [Float](repeating: 0, count: 3 * inner.width)
    var sums = line
    for y in 0..<inner.height {
      if ContinuousClock.now > deadline { throw .tooSlow }
      for index in sums.indices { sums[index] = 0 }
      for (offset, weight) in rows.weights(y).enumerated() {
        columns.gather(raster, row: rows.first(y) + offset, into: &line)
        for index in sums.indices { sums[index] += line[index] * weight }
      }
      let start = (inner.y + y) * width + inner.x
      for channel in 0..<3 {
        let plane = (sight.isRGB ? channel : 2 - channel) * size + start
        for x in 0..<inner.width {
          planes[plane + x] = (sums[channel * inner.width + x] - sight.mean) / sight.deviation
        }
      }
    }
    return planes
  }
}
