/// A rectangle of whole pixels, origin top left.
package struct Box: Sendable, Hashable {
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int

  package init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// Beyond its last column.
  package var right: Int { x + width }
  /// Beyond its last row.
  package var bottom: Int { y + height }
  package var isEmpty: Bool { width <= 0 || height <= 0 }
  package var area: Int { isEmpty ? 0 : width * height }

  /// What both have in common; empty if that is nothing.
  package func intersection(_ other: Box) -> Box {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Box(
      x: left, y: top, width: max(0, min(right, other.right) - left), height: max(0, min(bottom, other.bottom) - top))
  }

  /// What both have in common, as a part of what they cover together.
  package func overlap(_ other: Box) -> Double {
    let common = intersection(other).area
    let all = area + other.area - common
    return all > 0 ? Double(common) / Double(all) : 0
  }

  /// The same centre, sides `factor` times as long, outwards to whole pixels.
  package func grown(by factor: Double) -> Box {
    let left = (Double(x) + Double(width) * (1 - factor) / 2).rounded(.down)
    let top = (Double(y) + Double(height) * (1 - factor) / 2).rounded(.down)
    let right = (Double(x) + Double(width) * (1 + factor) / 2).rounded(.up)
    let bottom = (Double(y) + Double(height) * (1 + factor) / 2).rounded(.up)
    return Box(x: Int(left), y: Int(top), width: Int(right - left), height: Int(bottom - top))
  }

  /// In an image `horizontal` and `vertical` times as large, outwards to whole pixels.
  package func scaled(_ horizontal: Double, _ vertical: Double) -> Box {
    let left = (Double(x) * horizontal).rounded(.down)
    let top = (Double(y) * vertical).rounded(.down)
    let right = (Double(right) * horizontal).rounded(.up)
    let bottom = (Double(bottom) * vertical).rounded(.up)
    return Box(x: Int(left), y: Int(top), width: Int(right - left), height: Int(bottom - top))
  }
}
