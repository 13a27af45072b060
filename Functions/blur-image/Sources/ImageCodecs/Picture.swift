package import ImageModel

/// A decoded image: pixels as they are meant to be seen, and the colours they are meant in. Nothing else is kept.
package struct Picture: Sendable, Equatable {
  package var raster: Raster
  /// An ICC profile; empty for sRGB.
  package var profile: [UInt8]

  package init(_ raster: Raster, profile: [UInt8] = []) {
    self.raster = raster
    self.profile = profile
  }
}
