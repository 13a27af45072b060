internal import ImageModel

/// Sums of all pixels above and to the left: the sum of any rectangle is then four look-ups.
struct IntegralPlanes: ~Copyable {
  let layout: PlaneLayout
  private(set) var width = 0
  private(set) var height = 0
  /// Sums, then sums of squares, then tilted sums. All wrap around, and differences come out right.
  let base: UnsafeMutablePointer<Int32>
  let hasTilted: Bool

  /// Room for images up to the layout's size.
  init(_ layout: PlaneLayout, hasTilted: Bool) {
    self.layout = layout
    self.hasTilted = hasTilted
    let count = layout.plane * (hasTilted ? 3 : 2)
    base = .allocate(capacity: count)
    base.initialize(repeating: 0, count: count)
  }

  deinit { base.deallocate() }

  mutating func fill(_ image: Raster, tilted: Bool) {
    width = image.width
    height = image.height
    image.pixels.withUnsafeBufferPointer { pixels in
      guard let pixels = pixels.baseAddress else { return }
      if layout.step == 2 { fillParted(pixels) } else { fillWhole(pixels) }
      if hasTilted && tilted { fillTilted(pixels) }
    }
  }

  private func fillWhole(_ pixels: UnsafePointer<UInt8>) {
    let sums = base
    let squares = base + layout.plane
    sums.update(repeating: 0, count: width + 1)
    squares.update(repeating: 0, count: width + 1)
    for y in 0..<height {
      let row = pixels + y * width
      let at = (y + 1) * layout.stride
      let above = at - layout.stride
      var sum: Int32 = 0
      var square: Int32 = 0
      sums[at] = 0
      squares[at] = 0
      for x in 0..<width {
        let value = Int32(row[x])
        sum &+= value
        square &+= value &* value
        sums[at + x + 1] = sums[above + x + 1] &+ sum
        squares[at + x + 1] = squares[above + x + 1] &+ square
      }
    }
  }

  /// Column 0 is even, so the first pixel's sum stands first among the odd ones.
  private func fillParted(_ pixels: UnsafePointer<UInt8>) {
    let sums = base
    let squares = base + layout.plane
    let odd = layout.odd
    sums.update(repeating: 0, count: layout.stride)
    squares.update(repeating: 0, count: layout.stride)
    for y in 0..<height {
      let row = pixels + y * width
      let at = (y + 1) * layout.stride
      let above = at - layout.stride
      var sum: Int32 = 0
      var square: Int32 = 0
      sums[at] = 0
      squares[at] = 0
      for pair in 0..<(width / 2) {
        let left = Int32(row[2 * pair])
        sum &+= left
        square &+= left &* left
        sums[at + odd + pair] = sums[above + odd + pair] &+ sum
        squares[at + odd + pair] = squares[above + odd + pair] &+ square
        let right = Int32(row[2 * pair + 1])
        sum &+= right
        square &+= right &* right
        sums[at + pair + 1] = sums[above + pair + 1] &+ sum
        squares[at + pair + 1] = squares[above + pair + 1] &+ square
      }
      if !width.isMultiple(of: 2) {
        let value = Int32(row[width - 1])
        let place = odd + width / 2
        sums[at + place] = sums[above + place] &+ sum &+ value
        squares[at + place] = squares[above + place] &+ square &+ value &* value
      }
    }
  }
}
