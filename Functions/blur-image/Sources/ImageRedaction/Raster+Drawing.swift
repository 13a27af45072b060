package import ImageModel

extension Raster {
  /// Draws the outline of a box, inside it. Hides nothing.
  package mutating func outline(_ box: Box, colour: (red: UInt8, green: UInt8, blue: UInt8)) {
    let box = box.intersection(bounds)
    let thickness = max(2, max(width, height) / 400)
    for y in box.y..<box.bottom {
      let isEdge = y < box.y + thickness || y >= box.bottom - thickness
      for x in box.x..<box.right where isEdge || x < box.x + thickness || x >= box.right - thickness {
        let at = (y * width + x) * channels
        if channels == 1 {
          pixels[at] = 255
        } else {
          pixels[at] = colour.red
          pixels[at + 1] = colour.green
          pixels[at + 2] = colour.blue
          if channels == 4 { pixels[at + 3] = 255 }
        }
      }
    }
  }
}
