package import ImageCodecs

/// What one call may bring and cost. docs/guides/blur-image.md has the table.
package struct BlurLimits: Sendable, Equatable {
  /// A call's content: a dozen photographs of a telephone.
  package static let bytesDefault = 32 << 20
  /// Images in one call.
  package static let images = 32
  /// Parts of a form: no option may be there twice.
  package static let parts = images + BlurOptions.names.count
  /// Processor-heavy work of one call ends here even if its caller would wait longer.
  package static let time: Duration = .seconds(20)

  package var bytes: Int
  package var image: ImageLimits

  package init(bytes: Int = bytesDefault, image: ImageLimits = ImageLimits()) {
    self.bytes = bytes
    self.image = image
  }
}
