internal import ImageModel

/// Which pixels along one side make each new one, and how much of each.
struct Spans {
  private var firsts: [Int] = []
  /// Where each new pixel's weights begin, and behind the last where they end.
  private var starts: [Int] = [0]
  private var shares: [Float] = []

  init(from old: Int, to new: Int) {
    let scale = Double(old) / Double(new)
    for place in 0..<new {
      if scale > 1 {
        // What the new pixel covers, those at its ends in part.
        let (start, end) = (Double(place) * scale, min(Double(place + 1) * scale, Double(old)))
        let first = min(Int(start), old - 1)
        let last = max(first, min(Int(end.rounded(.up)), old) - 1)
        firsts.append(first)
        for pixel in first...last {
          let share = min(Double(pixel + 1), end) - max(Double(pixel), start)
          shares.append(Float(max(share, 0) / (end - start)))
        }
      } else {
        let centre = min(max((Double(place) + 0.5) * scale - 0.5, 0), Double(old - 1))
        let first = Int(centre)
        firsts.append(first)
        shares.append(Float(1 - (centre - Double(first))))
        if first + 1 < old { shares.append(Float(centre - Double(first))) }
      }
      starts.append(shares.count)
    }
  }

  func first(_ place: Int) -> Int { firsts[place] }

  func weights(_ place: Int) -> ArraySlice<Float> { shares[starts[place]..<starts[place + 1]] }

  /// One row in colour, red, green and blue one after the other; what is transparent before white.
  func gather(_ raster: Raster, row: Int, into line: inout [Float]) {
    let (channels, width) = (raster.channels, firsts.count)
    raster.pixels.withUnsafeBufferPointer { pixels in
      let start = row * raster.width * channels
      for x in 0..<width {
        var (red, green, blue): (Float, Float, Float) = (0, 0, 0)
        var at = start + firsts[x] * channels
        for index in starts[x]..<starts[x + 1] {
          let share = shares[index]
          if channels == 1 {
            red += Float(pixels[at]) * share
          } else {
            let alpha = channels == 4 ? Float(pixels[at + 3]) / 255 : 1
            let white = 255 * (1 - alpha)
            red += (Float(pixels[at]) * alpha + white) * share
            green += (Float(pixels[at + 1]) * alpha + white) * share
            blue += (Float(pixels[at + 2]) * alpha + white) * share
          }
          at += channels
        }
        line[x] = red
        line[width + x] = channels == 1 ? red : green
        line[2 * width + x] = channels == 1 ? red : blue
      }
    }
  }
}
