internal import ImageModel

/// What comes into a box: colours without alpha, in floating point.
struct Patch {
  let width: Int
  let height: Int
  let channels: Int
  var values: [Float]

  init(width: Int, height: Int, channels: Int, filledWith value: Float) {
    self.width = width
    self.height = height
    self.channels = channels
    values = [Float](repeating: value, count: width * height * channels)
  }

  /// The pixels as they are.
  init(_ raster: Raster, _ box: Box) {
    self.init(width: box.width, height: box.height, channels: raster.colours, filledWith: 0)
    var at = 0
    for y in 0..<height {
      for x in 0..<width {
        let from = ((box.y + y) * raster.width + box.x + x) * raster.channels
        for channel in 0..<channels { values[at + channel] = Float(raster.pixels[from + channel]) }
        at += channels
      }
    }
  }

  /// The means of `columns` × `rows` cells.
  init(means raster: Raster, _ box: Box, columns: Int, rows: Int) {
    self.init(width: columns, height: rows, channels: raster.colours, filledWith: 0)
    var sums = [Int](repeating: 0, count: values.count)
    var counts = [Int](repeating: 0, count: columns * rows)
    for y in 0..<box.height {
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

  /// Larger, with soft transitions between the centres.
  func interpolated(width newWidth: Int, height newHeight: Int) -> Patch {
    var larger = Patch(width: newWidth, height: newHeight, channels: channels, filledWith: 0)
    var at = 0
    for y in 0..<newHeight {
      let (top, bottom, down) = Self.neighbours(y, from: newHeight, to: height)
      for x in 0..<newWidth {
        let (left, right, along) = Self.neighbours(x, from: newWidth, to: width)
        for channel in 0..<channels {
          func value(_ x: Int, _ y: Int) -> Float { values[(y * width + x) * channels + channel] }
          let upper = value(left, top) * (1 - along) + value(right, top) * along
          let lower = value(left, bottom) * (1 - along) + value(right, bottom) * along
          larger.values[at + channel] = upper * (1 - down) + lower * down
        }
        at += channels
      }
    }
    return larger
  }

  private static func neighbours(_ place: Int, from large: Int, to small: Int) -> (Int, Int, Float) {
    let centre = max(0, (Float(place) + 0.5) * Float(small) / Float(large) - 0.5)
    let first = min(Int(centre), small - 1)
    return (first, min(first + 1, small - 1), centre - Float(first))
  }

  /// Larger, in squares.
  func repeated(width newWidth: Int, height newHeight: Int) -> Patch {
    var larger = Patch(width: newWidth, height: newHeight, channels: channels, filledWith: 0)
    var at = 0
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let from = (y * height / newHeight * width + x * width / newWidth) * channels
        for channel in 0..<channels { larger.values[at + channel] = values[from + channel] }
        at += channels
      }
    }
    return larger
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
  mutating func replace(_ box: Box, with patch: Patch, only shape: RedactionShape) {
    let (colours, channels, width) = (colours, channels, width)
    let (radiusX, radiusY) = (Double(box.width) / 2, Double(box.height) / 2)
    pixels.withUnsafeMutableBufferPointer { pixels in
      for y in 0..<box.height {
        let down = (Double(y) + 0.5 - radiusY) / radiusY
        for x in 0..<box.width {
          if shape == .ellipse {
            let along = (Double(x) + 0.5 - radiusX) / radiusX
            if along * along + down * down > 1 { continue }
          }
          let at = ((box.y + y) * width + box.x + x) * channels
          let from = (y * patch.width + x) * colours
          for channel in 0..<colours {
            pixels[at + channel] = UInt8(min(max(patch.values[from + channel].rounded(), 0), 255))
          }
          if channels == 4 { pixels[at + 3] = 255 }
        }
      }
    }
  }
}
