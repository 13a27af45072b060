package import ImageModel

/// Makes what is in boxes unrecognisable.
package struct Redaction: Sendable, Equatable {
  package static let strengths = 1...10
  package static let strengthDefault = 5
  /// What all boxes together may cover, as a multiple of the image: faces side by side, grown to three times their
  /// sides, are 9 of it.
  package static let coverMaximum = 16
  /// Cells of a grid that is blurred. A larger box has less of them than pixels, which a blur in proportion to its size
  /// does not show.
  private static let cellsMaximum = 1 << 18

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

  /// Changes the pixels in `boxes`, and no others. After an error the raster is half done.
  package func apply(
    to raster: inout Raster, _ boxes: [Box], deadline: ContinuousClock.Instant
  ) throws(RedactionError) {
    let boxes = boxes.map { $0.intersection(raster.bounds) }.filter { !$0.isEmpty }
    let most = raster.bounds.area * Self.coverMaximum
    guard boxes.reduce(0, { $0 + $1.area }) <= most else { throw .tooMuch(limit: Self.coverMaximum) }
    var noise = SecureNoise()
    for box in boxes {
      let patch = try patch(of: raster, box, &noise, deadline)
      try raster.replace(box, with: patch, only: shape, &noise, deadline)
    }
  }

  private func patch(
    of raster: Raster, _ box: Box, _ noise: inout SecureNoise, _ deadline: ContinuousClock.Instant
  ) throws(RedactionError) -> Patch {
    switch style {
    case .secure: try securePatch(raster, box, &noise, deadline)
    case .solid: Patch(width: 1, height: 1, channels: raster.colours, filledWith: 0)
    case .pixelate: try pixelatedPatch(raster, box, &noise, deadline)
    case .gaussian: try blurredPatch(raster, box, deadline)
    }
  }

  /// A grid of 4 × 4 means with noise, rounded to 32 levels, with soft transitions.
  ///
  /// With a deviation of 40 who has the very photograph among a hundred still finds it 30 times; with 100, 4 to 9
  /// times (docs/decisions/0021).
  /// Most of the noise is the same in all colours of a cell, or their mean would have less of it.
  private func securePatch(
    _ raster: Raster, _ box: Box, _ noise: inout SecureNoise, _ deadline: ContinuousClock.Instant
  ) throws(RedactionError) -> Patch {
    let cells = strength <= 6 ? 4 : strength <= 8 ? 3 : 2
    let more = max(1, Double(strength) / Double(Self.strengthDefault))
    var grid = try Patch(
      means: raster, box, columns: min(cells, box.width), rows: min(cells, box.height), deadline)
    for cell in 0..<(grid.width * grid.height) {
      let brightness = noise.normal(deviation: 100 * more)
      for index in (cell * grid.channels)..<((cell + 1) * grid.channels) {
        let noisy = Double(grid.values[index]) + brightness + noise.normal(deviation: 40 * more)
        grid.values[index] = Float((min(max(noisy, 0), 255) / 255 * 31).rounded() / 31 * 255)
      }
    }
    return grid
  }

  private func pixelatedPatch(
    _ raster: Raster, _ box: Box, _ noise: inout SecureNoise, _ deadline: ContinuousClock.Instant
  ) throws(RedactionError) -> Patch {
    let across = max(3, 17 - strength)
    let size = max(1, (max(box.width, box.height) + across - 1) / across)
    var grid = try Patch(
      means: raster, box, columns: (box.width + size - 1) / size, rows: (box.height + size - 1) / size, deadline)
    grid.isSoft = false
    for index in grid.values.indices { grid.values[index] += Float(noise.normal(deviation: 12)) }
    return grid
  }

  private func blurredPatch(
    _ raster: Raster, _ box: Box, _ deadline: ContinuousClock.Instant
  ) throws(RedactionError) -> Patch {
    let share = min(1, (Double(Self.cellsMaximum) / Double(box.area)).squareRoot())
    let columns = max(1, Int(Double(box.width) * share))
    let rows = min(max(1, Int(Double(box.height) * share)), max(1, Self.cellsMaximum / columns))
    // Of a box that is not too large a cell is a pixel.
    var patch = try Patch(
      means: raster, box, columns: min(columns, Self.cellsMaximum), rows: rows, deadline)
    // Three means in a row are a gaussian but for a few hundredths; each of them has a third of its variance.
    let sigma = Double(min(patch.width, patch.height)) * Double(strength) / 50
    let radius = max(1, Int((((sigma * sigma * 4 + 1).squareRoot() - 1) / 2).rounded()))
    for _ in 0..<3 {
      patch = patch.meaned(radius: radius)
      if ContinuousClock.now > deadline { throw .tooSlow }
    }
    patch.grain = 6
    return patch
  }
}
