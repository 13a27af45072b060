extension Raster {
  /// Half as wide and high, each pixel the mean of four; the last odd row and column are left out. One channel only.
  package func halved() -> Raster {
    precondition(channels == 1 && width > 1 && height > 1, "only grey images of two pixels and more are halved")
    let (newWidth, newHeight, width) = (width / 2, height / 2, width)
    let count = newWidth * newHeight
    let means = [UInt8](unsafeUninitializedCapacity: count) { target, used in
      pixels.withUnsafeBufferPointer { source in
        for y in 0..<newHeight {
          let above = source.baseAddress.map { $0 + 2 * y * width }
          guard let above else { continue }
          let below = above + width
          for x in 0..<newWidth {
            let sum =
              UInt32(above[2 * x]) &+ UInt32(above[2 * x + 1]) &+ UInt32(below[2 * x]) &+ UInt32(below[2 * x + 1])
            target[y * newWidth + x] = UInt8(truncatingIfNeeded: (sum &+ 2) >> 2)
          }
        }
      }
      used = count
    }
    return Raster(width: newWidth, height: newHeight, channels: 1, pixels: means)
  }

  /// Another size, by linear interpolation between pixel centres in fixed point, as exact as OpenCV's
  /// `INTER_LINEAR_EXACT`: 8 bits of fraction for each of the two weights. One channel only.
  package func resized(width newWidth: Int, height newHeight: Int) -> Raster {
    precondition(channels == 1, "only grey images are resized")
    if newWidth == width && newHeight == height { return self }
    let count = newWidth * newHeight
    let resized = [UInt8](unsafeUninitializedCapacity: count) { target, used in
      pixels.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        Raster.resize(source, width, height, into: target, newWidth, newHeight)
      }
      used = count
    }
    return Raster(width: newWidth, height: newHeight, channels: 1, pixels: resized)
  }

  private static func resize(
    _ source: UnsafePointer<UInt8>, _ width: Int, _ height: Int, into target: UnsafeMutablePointer<UInt8>,
    _ newWidth: Int, _ newHeight: Int
  ) {
    let columns = Taps(from: width, to: newWidth)
    let rows = Taps(from: height, to: newHeight)
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 2 * newWidth) { lines in
      guard let base = lines.baseAddress else { return }
      // Which source row each of the two lines holds.
      var held = (-1, -1)
      for y in 0..<newHeight {
        let upper = rows.first[y]
        let lower = min(upper + 1, height - 1)
        if held.0 != upper {
          if held.1 == upper {
            (base).update(from: base + newWidth, count: newWidth)
          } else {
            columns.interpolate(source + upper * width, into: base, last: width - 1)
          }
          held.0 = upper
        }
        if held.1 != lower {
          columns.interpolate(source + lower * width, into: base + newWidth, last: width - 1)
          held.1 = lower
        }
        let weight = UInt32(rows.weight[y])
        let line = target + y * newWidth
        for x in 0..<newWidth {
          let sum = UInt32(base[x]) &* (256 &- weight) &+ UInt32(base[newWidth + x]) &* weight
          line[x] = UInt8(truncatingIfNeeded: (sum &+ 32_768) >> 16)
        }
      }
    }
  }

  /// For each new place along one side: the first of two old ones, and the second one's weight in 256ths.
  private struct Taps {
    var first: [Int]
    var weight: [UInt16]

    init(from old: Int, to new: Int) {
      first = []
      weight = []
      first.reserveCapacity(new)
      weight.reserveCapacity(new)
      let scale = Double(old) / Double(new)
      for place in 0..<new {
        let centre = scale * (Double(place) + 0.5) - 0.5
        let floor = centre.rounded(.down)
        if floor < 0 {
          first.append(0)
          weight.append(0)
        } else if Int(floor) >= old - 1 {
          first.append(old - 1)
          weight.append(0)
        } else {
          first.append(Int(floor))
          weight.append(UInt16(((centre - floor) * 256).rounded(.toNearestOrEven)))
        }
      }
    }

    func interpolate(_ row: UnsafePointer<UInt8>, into line: UnsafeMutablePointer<UInt16>, last: Int) {
      first.withUnsafeBufferPointer { first in
        weight.withUnsafeBufferPointer { weight in
          for place in 0..<first.count {
            let left = first[place]
            let right = min(left &+ 1, last)
            let share = weight[place]
            line[place] = UInt16(row[left]) &* (256 &- share) &+ UInt16(row[right]) &* share
          }
        }
      }
    }
  }
}
