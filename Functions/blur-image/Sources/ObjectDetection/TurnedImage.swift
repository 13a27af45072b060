internal import Glibc
internal import ImageModel

/// An image turned about its centre, on a canvas that has room for its corners.
struct TurnedImage {
  let raster: Raster
  private let cosine: Double
  private let sine: Double
  private let source: (x: Double, y: Double)
  private let target: (x: Double, y: Double)

  /// Turned by `degrees`, clockwise; what was outside is grey.
  init(_ image: Raster, degrees: Double) {
    let angle = degrees * .pi / 180
    let (cosine, sine) = (cos(angle), sin(angle))
    let (width, height) = (Double(image.width), Double(image.height))
    let newWidth = Int((width * abs(cosine) + height * abs(sine)).rounded(.up))
    let newHeight = Int((width * abs(sine) + height * abs(cosine)).rounded(.up))
    self.cosine = cosine
    self.sine = sine
    source = (width / 2, height / 2)
    target = (Double(newWidth) / 2, Double(newHeight) / 2)
    var turned = Raster(width: newWidth, height: newHeight, channels: 1, filledWith: 128)
    let (from, to) = (source, target)
    turned.pixels.withUnsafeMutableBufferPointer { pixels in
      image.pixels.withUnsafeBufferPointer { old in
        for y in 0..<newHeight {
          let down = Double(y) + 0.5 - to.y
          for x in 0..<newWidth {
            let right = Double(x) + 0.5 - to.x
            let sourceX = cosine * right + sine * down + from.x - 0.5
            let sourceY = -sine * right + cosine * down + from.y - 0.5
            guard sourceX >= 0, sourceY >= 0, sourceX < width - 1, sourceY < height - 1 else { continue }
            let (left, top) = (Int(sourceX), Int(sourceY))
            let (shareX, shareY) = (Float(sourceX - Double(left)), Float(sourceY - Double(top)))
            let at = top * image.width + left
            let upper = Float(old[at]) * (1 - shareX) + Float(old[at + 1]) * shareX
            let lower = Float(old[at + image.width]) * (1 - shareX) + Float(old[at + image.width + 1]) * shareX
            pixels[y * newWidth + x] = UInt8(upper * (1 - shareY) + lower * shareY + 0.5)
          }
        }
      }
    }
    raster = turned
  }

  /// Where a box of the turned image was: the same centre, and a little larger, since its own corners are turned.
  func original(of box: Box) -> Box {
    let right = Double(box.x) + Double(box.width) / 2 - target.x
    let down = Double(box.y) + Double(box.height) / 2 - target.y
    let (x, y) = (cosine * right + sine * down + source.x, -sine * right + cosine * down + source.y)
    let (width, height) = (Double(box.width) * 1.1, Double(box.height) * 1.1)
    return Box(
      x: Int((x - width / 2).rounded()), y: Int((y - height / 2).rounded()), width: Int(width.rounded()),
      height: Int(height.rounded()))
  }
}
