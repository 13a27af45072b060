internal import ImageModel

/// What comes into a box: a grid of colours without alpha, in floating point, that is spread over it. As large as the
/// box it would cost many times as much as the image.
struct Patch {
  let width: Int
  let height: Int
  let channels: Int
  var values: [Float]
  /// With soft transitions between the centres, otherwise in squares.
  var isSoft = true
  /// Each pixel's own noise.
  var grain: Float = 0

  init(width: Int, height: Int, channels: Int, filledWith value: Float) {
    self.width = width
    self.height = height
    self.channels = channels
    values = [Float](repeating: value, count: width * height * channels)
  }

  /// The means of `columns` × `rows` cells.
  init(
    means raster: Raster, _ box: Box, columns: Int, rows: Int, _ deadline: ContinuousClock.Instant
  ) throws(RedactionError) {
    self.init(width: columns, height: rows, channels: raster.colours, filledWith: 0)
    var sums = [Int](repeating: 0, count: values.count)
    var counts = [Int](repeating: 0, count: columns * rows)
    for y in 0..<box.height {
      if ContinuousClock.now > deadline { throw .tooSlow }
      let row = y * rows / box.height
      for x in 0..<box.width {
        let cell = row * columns + x * columns / box.width
        let from = ((box.y + y) * raster.width + box.x + x) * raster.channels
        counts[cell] += 1
        for channel in 0..<channels { sums[cell * channels + channel] += Int(raster.pixels[from + channel]) }
      }
    }
    for cell in counts.indices where counts[cell] > 0 {
      for channel in 0..<channels {
        values[cell * channels + channel] = Float(sums[cell * channels + channel]) / Float(counts[cell])
      }
    }
  }

  /// Between which two of a side's cells a pixel lies, and how far from the first to the second.
  fileprivate static func neighbours(_ place: Int, from large: Int, to small: Int) -> (Int, Int, Float) {
    let centre = max(0, (Float(place) + 0.5) * Float(small) / Float(large) - 0.5)
    let first = min(Int(centre), small - 1)
    return (first, min(first + 1, small - 1), centre - Float(first))
  }

  /// Each value the mean of those up to `radius` away, across and down; at the sides the outermost counts on.
  func meaned(radius: Int) -> Patch {
    var across = self
    for y in 0..<height {
      Self.mean(values, &across.values, from: y * width * channels, step: channels, count: width, channels, radius)
    }
    var both = across
    for x in 0..<width {
      Self.mean(
        across.values, &both.values, from: x * channels, step: width * channels, count: height, channels, radius)
    }
    return both
  }

  private static func mean(
    _ source: [Float], _ target: inout [Float], from first: Int, step: Int, count: Int, _ channels: Int, _ radius: Int
  ) {
    let share = 1 / Float(2 * radius + 1)
    for channel in 0..<channels {
      func value(_ place: Int) -> Float { source[first + min(max(place, 0), count - 1) * step + channel] }
      var sum: Float = 0
      for place in -radius...radius { sum += value(place) }
      for place in 0..<count {
        target[first + place * step + channel] = sum * share
        sum += value(place + radius + 1) - value(place - radius)
      }
    }
  }
}

extension Raster {
  /// Channels without alpha.
  var colours: Int { channels == 1 ? 1 : 3 }

  /// Puts a patch in place, and makes it opaque: a silhouette in the alpha channel would be structure, too.
  mutating func replace(
    _ box: Box, with patch: Patch, only shape: RedactionShape, _ noise: inout SecureNoise,
    _ deadline: ContinuousClock.Instant
  ) throws(RedactionError) {
    let (colours, channels, width) = (colours, channels, width)
    let (radiusX, radiusY) = (Double(box.width) / 2, Double(box.height) / 2)
    try pixels.withUnsafeMutableBufferPointer { pixels throws(RedactionError) in
      for y in 0..<box.height {
        if ContinuousClock.now > deadline { throw .tooSlow }
        let row = PatchRow(patch, y, of: box)
        let down = (Double(y) + 0.5 - radiusY) / radiusY
        for x in 0..<box.width {
          if shape == .ellipse {
            let along = (Double(x) + 0.5 - radiusX) / radiusX
            if along * along + down * down > 1 { continue }
          }
          let at = ((box.y + y) * width + box.x + x) * channels
          let place = row.place(x)
          for channel in 0..<colours {
            var value = row.value(place, channel)
            if patch.grain > 0 { value += noise.roughlyNormal(deviation: patch.grain) }
            pixels[at + channel] = UInt8(min(max(value.rounded(), 0), 255))
          }
          if channels == 4 { pixels[at + 3] = 255 }
        }
      }
    }
  }
}

/// What a patch gives one row of a box's pixels.
private struct PatchRow {
  private let patch: Patch
  private let width: Int
  private let top: Int
  private let bottom: Int
  private let down: Float

  init(_ patch: Patch, _ y: Int, of box: Box) {
    self.patch = patch
    width = box.width
    let first = y * patch.height / box.height
    (top, bottom, down) = patch.isSoft ? Patch.neighbours(y, from: box.height, to: patch.height) : (first, first, 0)
  }

  func place(_ x: Int) -> (left: Int, right: Int, along: Float) {
    if patch.isSoft { return Patch.neighbours(x, from: width, to: patch.width) }
    let column = x * patch.width / width
    return (column, column, 0)
  }

  func value(_ place: (left: Int, right: Int, along: Float), _ channel: Int) -> Float {
    func cell(_ x: Int, _ y: Int) -> Float { patch.values[(y * patch.width + x) * patch.channels + channel] }
    if !patch.isSoft { return cell(place.left, top) }
    let upper = cell(place.left, top) * (1 - place.along) + cell(place.right, top) * place.along
    let lower = cell(place.left, bottom) * (1 - place.along) + cell(place.right, bottom) * place.along
    return upper * (1 - down) + lower * down
  }
}
