import ImageModel

extension Raster {
  /// All channels but alpha, of the pixels in a box.
  func values(in box: Box) -> [Double] {
    let box = box.intersection(bounds)
    let colours = channels == 1 ? 1 : 3
    return (box.y..<box.bottom).flatMap { y in
      (box.x..<box.right).flatMap { x in
        (0..<colours).map { Double(pixels[(y * width + x) * channels + $0]) }
      }
    }
  }

  func isEqual(to other: Raster, outside boxes: [Box]) -> Bool {
    largestDifference(to: other, outside: boxes) == 0
  }

  /// In the pixels that are in none of the boxes.
  func largestDifference(to other: Raster, outside boxes: [Box]) -> Int {
    var largest = 0
    for y in 0..<height {
      for x in 0..<width {
        let pixel = Box(x: x, y: y, width: 1, height: 1)
        if boxes.contains(where: { !$0.intersection(pixel).isEmpty }) { continue }
        for channel in 0..<channels {
          let at = (y * width + x) * channels + channel
          largest = max(largest, abs(Int(pixels[at]) - Int(other.pixels[at])))
        }
      }
    }
    return largest
  }

  /// How alike two images are in a box, brightness and contrast aside: 1 for the same, about 0 for nothing in common.
  func likeness(of other: Raster, in box: Box) -> Double {
    Self.correlation(values(in: box), other.values(in: box))
  }

  /// The same of the steps from one pixel to the next one to the right.
  func edgeLikeness(of other: Raster, in box: Box) -> Double {
    func steps(_ raster: Raster) -> [Double] {
      let right = Box(x: box.x + 1, y: box.y, width: box.width - 1, height: box.height)
      let left = Box(x: box.x, y: box.y, width: box.width - 1, height: box.height)
      return zip(raster.values(in: right), raster.values(in: left)).map { $0 - $1 }
    }
    return Self.correlation(steps(self), steps(other))
  }

  private static func correlation(_ one: [Double], _ other: [Double]) -> Double {
    let count = Double(one.count)
    let (mean, otherMean) = (one.reduce(0, +) / count, other.reduce(0, +) / count)
    var (common, own, others) = (0.0, 0.0, 0.0)
    for (value, otherValue) in zip(one, other) {
      common += (value - mean) * (otherValue - otherMean)
      own += (value - mean) * (value - mean)
      others += (otherValue - otherMean) * (otherValue - otherMean)
    }
    // What is all the same is like nothing.
    return own > 0 && others > 0 ? common / (own * others).squareRoot() : 0
  }
}
