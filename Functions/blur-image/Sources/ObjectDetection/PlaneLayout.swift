/// Where the integral images of one scale lie, for windows that step by one pixel or by two.
///
/// Eight neighbouring windows are looked at together, so their corners should be neighbours in memory. With steps of
/// two that is so if the even columns lie apart from the odd ones.
struct PlaneLayout: Sendable, Equatable {
  /// Past the last row, so that eight lanes at its end stay inside.
  static let margin = 64

  let step: Int
  /// Values in a row.
  let stride: Int
  /// Where the odd columns start; 0 with steps of one.
  let odd: Int
  /// Values in one integral image; the squares' follows the sums', the tilted one follows that.
  let plane: Int

  /// For images up to this size.
  init(width: Int, height: Int, step: Int) {
    self.step = step
    let half = (width + 1) / 2 + 9
    stride = step == 2 ? 2 * half : width + 17
    odd = step == 2 ? half : 0
    plane = stride * (height + 1) + Self.margin
  }

  /// The place of a corner, from that of its window.
  func place(_ x: Int, _ y: Int) -> Int32 {
    step == 2 ? Int32(y * stride + (x & 1) * odd + (x >> 1)) : Int32(y * stride + x)
  }
}
