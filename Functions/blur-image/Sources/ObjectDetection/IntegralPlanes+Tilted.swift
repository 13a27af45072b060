extension IntegralPlanes {
  /// At (x, y) the sum of the cone that opens upwards from the pixel left of and above it (Lienhart and Maydt, "An
  /// extended set of Haar-like features", 2002): it is the two cones beside its tip, less what they share, and the tip.
  func fillTilted(_ pixels: UnsafePointer<UInt8>) {
    let tilted = base + 2 * layout.plane
    tilted.update(repeating: 0, count: layout.stride)
    let width = width
    for y in 1...height {
      let row = pixels + (y - 1) * width
      for parity in 0..<layout.step {
        // Columns parity, parity + step, … from 1 to width - 1.
        let first = parity == 0 ? layout.step : parity
        guard first < width else { continue }
        let count = (width - 1 - first) / layout.step + 1
        let target = tilted + Int(layout.place(first, y))
        if y == 1 {
          for index in 0..<count { target[index] = Int32(row[first - 1 + index * layout.step]) }
        } else {
          let left = tilted + Int(layout.place(first - 1, y - 1))
          let right = tilted + Int(layout.place(first + 1, y - 1))
          let common = tilted + Int(layout.place(first, y - 2))
          let tip = row + (first - 1)
          if layout.step == 2 {
            for index in 0..<count {
              let pixels = Int32(tip[2 * index]) &+ Int32(tip[2 * index - width])
              target[index] = left[index] &+ right[index] &- common[index] &+ pixels
            }
          } else {
            for index in 0..<count {
              let pixels = Int32(tip[index]) &+ Int32(tip[index - width])
              target[index] = left[index] &+ right[index] &- common[index] &+ pixels
            }
          }
        }
      }
      fillTiltedSides(tilted, row, y)
    }
  }

  /// The cones whose tips are outside, or at, the image's sides: one of the cones beside them has nothing of the image.
  private func fillTiltedSides(_ tilted: UnsafeMutablePointer<Int32>, _ row: UnsafePointer<UInt8>, _ y: Int) {
    tilted[Int(layout.place(0, y))] = width > 1 || y == 1 ? tilted[Int(layout.place(1, y - 1))] : 0
    var last = Int32(row[width - 1])
    if y > 1 { last &+= Int32(row[-1]) &+ tilted[Int(layout.place(width - 1, y - 1))] }
    tilted[Int(layout.place(width, y))] = last
  }
}
