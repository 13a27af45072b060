extension QRCode {
  /// The code as a PNG (ISO/IEC 15948) of `pixels` by `pixels`, one bit a pixel.
  ///
  /// A module has a whole number of pixels, and what remains is more quiet zone; a code that needs more gets more.
  package func png(pixels: Int) -> [UInt8] {
    let edge = width + 2 * QRCode.quietZone
    let scale = max(1, pixels / edge)
    let size = max(pixels, edge)
    let margin = (size - width * scale) / 2
    let rowBytes = (size + 7) / 8
    var rows = Deflate()
    var last: Int?
    for y in 0..<size {
      // Floor division: the first rows are above the code.
      let row = y < margin ? -1 : (y - margin) / scale
      if row == last {
        // Filter "up" (section 9.2): nothing has changed since the row above.
        rows.append(2)
        for _ in 0..<rowBytes { rows.append(0) }
        continue
      }
      last = row
      rows.append(0)
      for byte in scanline(row, size: size, margin: margin, scale: scale) { rows.append(byte) }
    }
    let header = PNGChunk.number(size) + PNGChunk.number(size) + [1, 0, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + PNGChunk.bytes("IHDR", header)
      + PNGChunk.bytes("IDAT", rows.finished()) + PNGChunk.bytes("IEND", [])
  }

  /// A set bit is white; those after the last pixel count for nothing.
  private func scanline(_ row: Int, size: Int, margin: Int, scale: Int) -> [UInt8] {
    var line = [UInt8](repeating: 0xFF, count: (size + 7) / 8)
    for column in 0..<width where isDark(row, column) {
      for x in margin + column * scale..<margin + (column + 1) * scale { line[x / 8] &= ~(0x80 >> UInt8(x % 8)) }
    }
    return line
  }
}
