package import ImageModel

/// Makes what is in boxes unrecognisable.
package struct Redaction: Sendable, Equatable {
  package static let strengths = 1...10
  package static let strengthDefault = 5

  package var style: RedactionStyle
  package var shape: RedactionShape
  /// More hides more. `secure` never hides less than at the default.
  package var strength: Int

  package init(
    _ style: RedactionStyle = .secure, shape: RedactionShape = .box, strength: Int = strengthDefault
  ) {
    self.style = style
    self.shape = shape
    self.strength = min(max(strength, Self.strengths.lowerBound), Self.strengths.upperBound)
  }

  /// Changes the pixels in `boxes`, and no others.
  package func apply(to raster: inout Raster, _ boxes: [Box]) {
    var noise = SecureNoise()
    for box in boxes {
      let box = box.intersection(raster.bounds)
      if box.isEmpty { continue }
      let patch = patch(of: raster, box, &noise)
      raster.replace(box, with: patch, only: shape)
    }
  }

  private func patch(of raster: Raster, _ box: Box, _ noise: inout SecureNoise) -> Patch {
    switch style {
    case .secure: securePatch(raster, box, &noise)
    case .solid: Patch(width: box.width, height: box.height, channels: raster.colours, filledWith: 0)
    case .pixelate: pixelatedPatch(raster, box, &noise)
    case .gaussian: blurredPatch(raster, box, &noise)
    }
  }

  /// A grid of 4 × 4 means with noise, rounded to 32 levels, with soft transitions.
  ///
  /// With a deviation of 40 who has the very photograph among a hundred still finds it 30 times; with 100, 4 to 9
  /// times (docs/decisions/0021).
  /// Most of the noise is the same in all colours of a cell, or their mean would have less of it.
  private func securePatch(_ raster: Raster, _ box: Box, _ noise: inout SecureNoise) -> Patch {
    let cells = strength <= 6 ? 4 : strength <= 8 ? 3 : 2
    let more = max(1, Double(strength) / Double(Self.strengthDefault))
    var grid = Patch(means: raster, box, columns: min(cells, box.width), rows: min(cells, box.height))
    for cell in 0..<(grid.width * grid.height) {
      let brightness = noise.normal(deviation: 100 * more)
      for index in (cell * grid.channels)..<((cell + 1) * grid.channels) {
        let noisy = Double(grid.values[index]) + brightness + noise.normal(deviation: 40 * more)
        grid.values[index] = Float((min(max(noisy, 0), 255) / 255 * 31).rounded() / 31 * 255)
      }
    }
    return grid.interpolated(width: box.width, height: box.height)
  }

  private func pixelatedPatch(_ raster: Raster, _ box: Box, _ noise: inout SecureNoise) -> Patch {
    let across = max(3, 17 - strength)
    let size = max(1, (max(box.width, box.height) + across - 1) / across)
    var grid = Patch(
      means: raster, box, columns: (box.width + size - 1) / size, rows: (box.height + size - 1) / size)
    for index in grid.values.indices { grid.values[index] += Float(noise.normal(deviation: 12)) }
    return grid.repeated(width: box.width, height: box.height)
  }

  private func blurredPatch(_ raster: Raster, _ box: Box, _ noise: inout SecureNoise) -> Patch {
    var patch = Patch(raster, box)
    // Three means in a row are a gaussian but for a few hundredths; each of them has a third of its variance.
    let sigma = Double(min(box.width, box.height)) * Double(strength) / 50
    let radius = max(1, Int((((sigma * sigma * 4 + 1).squareRoot() - 1) / 2).rounded()))
    for _ in 0..<3 { patch = patch.meaned(radius: radius) }
    for index in patch.values.indices { patch.values[index] += noise.roughlyNormal(deviation: 6) }
    return patch
  }
}
